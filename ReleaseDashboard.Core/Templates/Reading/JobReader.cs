using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary><c>jobs[]</c>.</summary>
internal static class JobReader
{
    public const int DefaultTimeoutSeconds = 1200;
    private const int MaximumTimeoutSeconds = 7 * 24 * 3600;

    public static IReadOnlyList<JobTemplate> All(MapReader root, References references)
    {
        var names = new Names("job", dns: true);
        var jobs = new List<JobTemplate>();
        foreach (var entry in root.Entries("jobs", "- { name: migrate, from_services: web, command: [./migrate] }"))
        {
            var name = names.Read(entry);
            var job = One(entry, name ?? "", references);
            entry.Finish("a job");
            if (name is null) continue;
            references.Declare("job", name);
            jobs.Add(job);
        }
        return jobs;
    }

    private static JobTemplate One(MapReader entry, string name, References references)
    {
        var from = entry.Text("from_services");
        var image = entry.Text("image");
        if (from is not null) references.Use("service", from, entry.At("from_services")!);
        if (from is null && image is null) entry.Bag.Error(entry.Map, "A job needs from_services (a service whose image and variables it uses) or an image.");
        if (from is not null && image is not null) entry.Bag.Error(entry.At("image")!, "A job has from_services or an image, not both.");

        var job = new JobTemplate(
            name, from, image,
            entry.Texts("command", "command: [./migrate]"),
            entry.Texts("args", "args: [--all]"),
            VariableReader.Read(entry.Entries("envs", "- { key: NAME, value: text }"), secrets: false),
            MountReader.Read(entry, name, references),
            ResourceReader.Own(entry),
            entry.Whole("completed_timeout", 1, MaximumTimeoutSeconds) ?? DefaultTimeoutSeconds,
            entry.Flag("halt_on_error") ?? false);
        entry.NotYet("node_selector", "service_account_name", "retries", "parallelism", "completions");
        entry.Silent("description");
        return job;
    }
}
