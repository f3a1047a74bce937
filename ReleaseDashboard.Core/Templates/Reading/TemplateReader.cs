using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary>The top of a template, and what holds between its sections.</summary>
internal static class TemplateReader
{
    private static readonly string[] Kinds = ["ephemeral", "permanent"];

    public static ApplicationTemplate Read(YamlMap map, DiagnosticBag bag)
    {
        var root = new MapReader(map, bag);
        var references = new References();
        var volumes = MountReader.Shared(root, references);
        var services = ServiceReader.All(root, references);
        var jobs = JobReader.All(root, references);
        var workflows = new WorkflowReader(references, bag).All(root);
        var template = new ApplicationTemplate(
            services,
            [.. jobs.Where(j => j.FromService is null || !references.Inactive.Contains(j.FromService))],
            workflows,
            Hostnames(root, services, references),
            BuildReader.All(root),
            volumes,
            ResourceReader.Top(root),
            EnvironmentKinds(root),
            root.Flag("auto_deploy") ?? true,
            root.Text("tracking_branch"),
            Domain(root))
        {
            Parameters = Parameters(root),
        };

        root.Silent("app", "context", "mode", "repo_name");
        if (root.Text("execution_type") is { } type && type != "server")
            bag.Warning(root.At("execution_type")!, $"The execution type \"{type}\" has no effect yet: environments run as servers.");
        root.NotYet(
            "app_imports", "parallelize_app_imports", "cron_jobs", "custom_links", "development_environment", "git_fetch_depth", "tracking_tag",
            "infrastructure", "ingress", "node_selector", "charts", "helm", "service_accounts", "s3_volumes", "datasets", "rules", "routes", "notifications", "sidecars");
        root.Finish("a template");

        references.Check(bag);
        if (!bag.HasErrors && WorkflowGenerator.Circle(services) is { } circle)
            bag.Error(root.At("services")!, $"These services depend on each other in a circle: {string.Join(" → ", circle)}.");
        return bag.HasErrors ? template : template with { Workflows = WorkflowGenerator.Complete(workflows, services) };
    }

    private static List<HostnameTemplate> Hostnames(MapReader root, IReadOnlyList<ServiceTemplate> services, References references)
    {
        const string example = "- web: web-${env_id}.${domain}";
        var hostnames = new List<HostnameTemplate>();
        foreach (var item in root.List("hostnames", example))
        {
            if (item is not YamlMap { Entries: [var pair] })
            {
                root.Bag.Error(item, $"An entry of \"hostnames\" is one service and its hostname. Write {example}.");
                continue;
            }
            var service = pair.Key.Value;
            references.Use("service", service, pair.Key);
            if (Values.Text(pair.Value, root.Bag) is not { } hostname) continue;
            if (hostname.Length == 0) root.Bag.Error(pair.Value, "The hostname is empty.");
            else if (hostnames.Any(h => h.Template == hostname)) root.Bag.Error(pair.Value, $"The hostname {hostname} stands here a second time.");
            else if (references.Inactive.Contains(service)) continue;
            else if (services.FirstOrDefault(s => s.Name == service) is { } known && !known.Ports.Any(p => p.Public))
                root.Bag.Warning(pair.Key, $"The service {service} has no port of type node_port, so this hostname has no effect.");
            else hostnames.Add(new HostnameTemplate(service, hostname));
        }
        return hostnames;
    }

    private static string? Domain(MapReader root)
    {
        if (root.Text("domain") is not { Length: > 0 } domain) return null;
        if (Uri.CheckHostName(domain) == UriHostNameType.Dns) return domain.ToLowerInvariant();
        root.Bag.Error(root.At("domain")!, $"\"{domain}\" is not a domain name such as apps.example.test (without http:// and without a port).");
        return null;
    }

    private static List<string> EnvironmentKinds(MapReader root)
    {
        var kinds = new List<string>();
        foreach (var entry in root.Entries("environment_templates", "- name: ephemeral"))
        {
            // Other keys override sections of the template; TemplateParser reads them where they take effect.
            if (entry.RequiredText("name", "It is ephemeral or permanent.") is not { } name) continue;
            if (!Kinds.Contains(name)) root.Bag.Error(entry.At("name")!, $"\"{name}\" is not a kind of environment: write ephemeral or permanent.", Nearest.To(name, Kinds));
            else if (kinds.Contains(name)) root.Bag.Error(entry.At("name")!, $"There is already an environment template named \"{name}\". Names are given once.");
            else kinds.Add(name);
        }
        return kinds.Count == 0 ? [.. Kinds] : kinds;
    }

    private static List<ParameterTemplate> Parameters(MapReader root)
    {
        var names = new Names("parameter", dns: false);
        var parameters = new List<ParameterTemplate>();
        foreach (var entry in root.Entries("parameters", "- { name: model, type: string, default: small }"))
        {
            var name = names.Read(entry);
            entry.Silent("type");
            var parameter = new ParameterTemplate(name ?? "", entry.Text("description"), entry.Text("default"), entry.Flag("optional") ?? false);
            entry.Finish("a parameter", closed: false);
            if (name is not null) parameters.Add(parameter);
        }
        return parameters;
    }
}
