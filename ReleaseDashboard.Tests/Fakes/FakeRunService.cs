using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Tests.Fakes;

/// <summary>Writes down every command; answers with <see cref="Refuse"/> when set, else with what <see cref="FakeViews"/> has.</summary>
internal sealed class FakeRunService(FakeViews views) : IRunService
{
    private readonly List<(string Command, string Subject, CommandContext Context)> _calls = [];

    public Refusal? Refuse { get; set; }
    public Plan Plan { get; set; } = FakeViews.SamplePlan;
    /// <summary>Builds whose plan was asked for, null for the newest commit.</summary>
    public List<long?> PlannedBuilds { get; } = [];

    /// <summary>The last text that was saved, not only checked.</summary>
    public string? SavedText { get; private set; }

    public IReadOnlyList<(string Command, string Subject, CommandContext Context)> Calls => _calls;

    public Task<Outcome<Application>> CreateApplicationAsync(NewApplication request, CommandContext context, CancellationToken cancellationToken) =>
        Answer("create-application", request.Name, context, views.App);

    public Task<Outcome<Application>> DeleteApplicationAsync(string application, CommandContext context, CancellationToken cancellationToken) =>
        Answer("delete-application", application, context, views.App);

    public Task<Outcome<SavedConfiguration>> SaveApplicationConfigurationAsync(string application, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken) =>
        Save(application, null, template, variables, dryRun, context);

    public Task<Outcome<SavedConfiguration>> SaveEnvironmentConfigurationAsync(string environment, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken) =>
        Save(views.App.Name, environment, template, variables, dryRun, context);

    public Task<Outcome<Build>> BuildAsync(string application, string reference, CommandContext context, CancellationToken cancellationToken) => Answer("build", reference, context, views.Builds[0]);
    public Task<Outcome<Build>> RebuildAsync(long build, CommandContext context, CancellationToken cancellationToken) => Answer("rebuild", $"{build}", context, views.Builds[0]);
    public Task<Outcome<Deployment>> CreateEnvironmentAsync(NewEnvironment request, CommandContext context, CancellationToken cancellationToken) => Answer("create-environment", request.Application, context, views.Deployments[0]);
    public Task<Outcome<Deployment>> DeployAsync(string environment, string? commit, long? build, Stage? stage, CommandContext context, CancellationToken cancellationToken) => Answer("deploy", environment, context, views.Deployments[0]);
    public Task<Outcome<Deployment>> SetupAsync(string environment, CommandContext context, CancellationToken cancellationToken) => Answer("setup", environment, context, views.Deployments[0]);
    public Task<Outcome<Deployment>> DeleteEnvironmentAsync(string environment, CommandContext context, CancellationToken cancellationToken) => Answer("delete", environment, context, views.Deployments[0]);
    public Task<Outcome<Deployment>> PauseAsync(string environment, CommandContext context, CancellationToken cancellationToken) => Answer("pause", environment, context, views.Deployments[0]);
    public Task<Outcome<Deployment>> ResumeAsync(string environment, CommandContext context, CancellationToken cancellationToken) => Answer("resume", environment, context, views.Deployments[0]);
    public Task<Outcome<Deployment>> RunWorkflowAsync(string environment, string workflow, CommandContext context, CancellationToken cancellationToken) => Answer("workflow", workflow, context, views.Deployments[0]);
    public Task<Outcome<ReleaseEnvironment>> ExtendAsync(string environment, CommandContext context, CancellationToken cancellationToken) => Answer("extend", environment, context, views.Environments[0].Environment);
    public Task<Outcome<Deployment>> CancelDeploymentAsync(long deployment, CommandContext context, CancellationToken cancellationToken) => Answer("cancel", $"{deployment}", context, views.Deployments[0]);
    public Task<Outcome<Build>> CancelBuildAsync(long build, CommandContext context, CancellationToken cancellationToken) => Answer("cancel-build", $"{build}", context, views.Builds[0]);

    public Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, long? build, CancellationToken cancellationToken)
    {
        PlannedBuilds.Add(build);
        return Task.FromResult<Outcome<Plan>>(Plan with { Stage = stage });
    }

    private Task<Outcome<SavedConfiguration>> Save(string application, string? environment, string? template, string? variables, bool dryRun, CommandContext context)
    {
        if (template?.Contains('\t', StringComparison.Ordinal) == true)
        {
            var line = template[..template.IndexOf('\t')].Count(c => c == '\n') + 1;
            return Task.FromResult<Outcome<SavedConfiguration>>(new Refusal("template_invalid", "The template has 1 error; nothing was saved.", [new(line, 1, "services", "A tab cannot indent YAML. Use spaces.")]));
        }

        if (!dryRun) SavedText = template ?? variables;
        var text = new ConfigurationText(template ?? FakeViews.Template, variables ?? FakeViews.Variables);
        return Answer(dryRun ? "check" : "save", environment ?? application, context, new SavedConfiguration(application, environment, new(2, 1), text, views.Now, context.Actor.Name));
    }

    private Task<Outcome<T>> Answer<T>(string command, string subject, CommandContext context, T value)
    {
        _calls.Add((command, subject, context));
        return Task.FromResult(Refuse is { } refusal ? (Outcome<T>)refusal : value);
    }
}
