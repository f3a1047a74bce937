using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Stages;

/// <summary>Desired states by hand.</summary>
internal static class Wanted
{
    public static readonly DesiredRoute WebRoute = new("web-shop-ted1.apps.localhost", "web", 80);

    /// <summary>A web service, a database with a volume and a migration job; patch deploys web after the migration.</summary>
    public static DesiredState Shop(string web = "web-1", string db = "db-1") => new(
        new EnvironmentScope(StageBench.Id, "shop", 7, 0, 0, "c0ffee00"),
        [new DesiredVolume("data", null)],
        [Service("web", web, port: 80), Service("db", db)],
        [Job("migrate")],
        [WebRoute],
        [
            new Workflow("setup", [Step("data", ["services.db"], halt: true), Step("migrate", ["jobs.migrate"], halt: true), Step("code", ["services.web"], halt: true)]),
            new Workflow("patch", [Step("migrate", ["jobs.migrate"], halt: true), Step("code", ["services.web"], halt: true)]),
            new Workflow("teardown", [Step("drop", ["jobs.migrate"]), Step("gone", ["release.remove_environment"])]),
            new Workflow("reindex", [Step("reindex", ["jobs.migrate"])]),
        ]);

    public static DesiredState With(this DesiredState state, string workflow, params WorkflowStep[] steps) =>
        state with { Workflows = [.. state.Workflows.Where(w => w.Name != workflow), new Workflow(workflow, steps)] };

    public static DesiredService Service(string name, string hash, int? port = null, int replicas = 1) => new(
        name, $"img/{name}:{hash}", false, [], [], new Dictionary<string, string>(), port is { } p ? [new PortTemplate(true, p, p)] : [], null, [], [],
        ResourceTemplate.None, replicas, 10, hash);

    public static DesiredJob Job(string name, bool halt = false) =>
        new(name, "img/web", false, ["run"], [], new Dictionary<string, string>(), [], ResourceTemplate.None, 60, halt);

    public static WorkflowStep Step(string name, string[] tasks, bool halt = false, bool wait = true) => new(name, tasks, halt, wait);
}
