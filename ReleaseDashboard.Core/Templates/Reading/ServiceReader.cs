using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary><c>services[]</c>.</summary>
internal static class ServiceReader
{
    private const int MaximumGraceSeconds = 3600;

    public static IReadOnlyList<ServiceTemplate> All(MapReader root, References references)
    {
        var names = new Names("service", dns: true);
        var services = new List<ServiceTemplate>();
        foreach (var entry in root.Entries("services", "- { name: web, image: nginx }"))
        {
            var name = names.Read(entry);
            if (name is not null) references.Declare("service", name);
            var service = One(entry, name ?? "", references);
            var isStatic = IsStatic(entry);
            entry.Finish("a service");
            if (name is null) continue;
            if (isStatic) references.Inactive.Add(name);
            else services.Add(service);
        }
        return services;
    }

    private static ServiceTemplate One(MapReader entry, string name, References references)
    {
        var ports = PortReader.Read(entry);
        var build = BuildReader.OfService(entry, name);
        var image = entry.Text("image");
        var resources = ResourceReader.Own(entry);
        foreach (var item in entry.List("depends_on", "depends_on: [db]"))
        {
            if (Values.Text(item, entry.Bag) is { } other) references.Use("service", other, item);
        }

        return new ServiceTemplate(
            name,
            string.IsNullOrWhiteSpace(image) ? null : image,
            HasRepository(entry, build),
            build,
            entry.Texts("command", "command: [sh, -c]"),
            entry.Texts("args", "args: [echo, hello]"),
            ports,
            VariableReader.Read(entry.Entries("envs", "- { key: NAME, value: text }"), secrets: false),
            entry.Node("depends_on") is Yaml.YamlList list ? [.. list.Items.OfType<Yaml.YamlScalar>().Select(s => s.Value).Distinct()] : [],
            ProbeReader.Read(entry, ports),
            MountReader.Read(entry, name, references),
            MountReader.Files(entry),
            resources with { Replicas = null },
            ResourceReader.Replicas(entry) ?? resources.Replicas,
            entry.Whole("termination_grace_period_seconds", 0, MaximumGraceSeconds))
        {
            StorageBytes = MountReader.Storage(entry),
        };
    }

    private static bool HasRepository(MapReader entry, BuildTemplate? build)
    {
        var written = entry.Flag("has_repo");
        if (written == false && build is not null)
            entry.Bag.Error(entry.At("has_repo")!, "has_repo is false, but the service has a build. Remove one of them.");
        return written ?? build is not null;
    }

    /// <summary>Also says what is missing for a service that runs, and which keys do nothing yet.</summary>
    private static bool IsStatic(MapReader entry)
    {
        entry.NotYet(
            "static", "build_base", "build_package_install_command", "build_command", "build_output_directory", "build_destination_directory",
            "liveness_probe", "node_selector", "service_account_name", "pinned", "init", "sidecars", "max_surge", "ready_timeout", "completed_timeout",
            "deployment_strategy", "autoscale", "nvidia_com_gpu", "stateful");
        if (entry.At("static") is not null && entry.Flag("static") == true) return true;
        if (entry.Node("image") is null && entry.Node("build") is null && entry.Flag("has_repo") != true)
        {
            entry.Bag.Missing(entry.Map, "image", "The service has neither an image nor a build. Write image: name:tag, or build: { context: . }.");
        }
        return false;
    }
}
