using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Reading;

namespace ReleaseDashboard.Core.Templates;

/// <summary>The workflows a template need not write, laid out as Release's generator does.</summary>
internal static class WorkflowGenerator
{
    public static readonly WorkflowStep Removal = new("remove-environment", [WorkflowReader.RemoveEnvironment], HaltOnError: false, WaitForFinish: true);

    /// <summary>Adds setup, patch and teardown where they are missing.</summary>
    public static IReadOnlyList<Workflow> Complete(IReadOnlyList<Workflow> written, IReadOnlyList<ServiceTemplate> services)
    {
        var all = new List<Workflow>(written);
        if (all.All(w => w.Name != "setup")) all.Add(new Workflow("setup", Layers(services)));
        if (all.All(w => w.Name != "patch")) all.Add(new Workflow("patch", Layers([.. services.Where(s => s.HasRepo)])));
        if (all.All(w => w.Name != "teardown")) all.Add(new Workflow("teardown", [Removal]));
        return all;
    }

    /// <summary>Step <c>services-n</c> holds the services whose longest way through <c>depends_on</c> has n edges. A service of a later step needs those before, so a failure ends the workflow.</summary>
    internal static IReadOnlyList<WorkflowStep> Layers(IReadOnlyList<ServiceTemplate> services)
    {
        var byName = services.ToDictionary(s => s.Name);
        var depths = new Dictionary<string, int>();
        foreach (var service in services) Depth(service, byName, depths, []);
        return [.. services
            .GroupBy(s => depths[s.Name])
            .OrderBy(g => g.Key)
            .Select(g => new WorkflowStep($"services-{g.Key}", [.. g.Select(s => $"services.{s.Name}")], HaltOnError: true, WaitForFinish: true))];
    }

    /// <summary>The services of a circle of <c>depends_on</c>, first one again at the end; null when there is none.</summary>
    public static IReadOnlyList<string>? Circle(IReadOnlyList<ServiceTemplate> services)
    {
        var byName = services.ToDictionary(s => s.Name);
        var done = new HashSet<string>();
        foreach (var start in services)
        {
            // A walk with its own stack: a long chain of services must not exhaust the thread's.
            var way = new List<string>();
            var open = new Stack<(string Name, int Depth)>([(start.Name, 0)]);
            while (open.TryPop(out var next))
            {
                foreach (var left in way.Skip(next.Depth)) done.Add(left);
                way.RemoveRange(next.Depth, way.Count - next.Depth);
                if (way.Contains(next.Name)) return [.. way.SkipWhile(n => n != next.Name), next.Name];
                if (done.Contains(next.Name) || !byName.TryGetValue(next.Name, out var service)) continue;
                way.Add(next.Name);
                foreach (var other in service.DependsOn) open.Push((other, next.Depth + 1));
            }
            foreach (var left in way) done.Add(left);
        }
        return null;
    }

    private static int Depth(ServiceTemplate service, Dictionary<string, ServiceTemplate> byName, Dictionary<string, int> depths, HashSet<string> open)
    {
        if (depths.TryGetValue(service.Name, out var known)) return known;
        // In a circle (reported elsewhere), or deeper than anybody writes: the layer does not matter any more.
        if (!open.Add(service.Name) || open.Count > 1000) return 0;
        var depth = 0;
        foreach (var other in service.DependsOn)
        {
            if (byName.TryGetValue(other, out var needed)) depth = Math.Max(depth, Depth(needed, byName, depths, open) + 1);
        }
        open.Remove(service.Name);
        return depths[service.Name] = depth;
    }
}
