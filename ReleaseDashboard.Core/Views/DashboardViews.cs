using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Views;

internal sealed class DashboardViews(
    ViewStore store, EnvironmentViewStore environmentRows, RunViewStore runs, EnvironmentReader environments, QueueReader queue, ITemplateReader templates, ILogStore logs, TimeProvider time) : IDashboardViews
{
    private const int HistoryLength = 200;
    private static readonly TimeSpan Soon = TimeSpan.FromHours(24);

    public async Task<OverviewView> OverviewAsync(CancellationToken cancellationToken)
    {
        var now = await queue.ReadAsync(0, cancellationToken);
        var (failed, builds) = await runs.FailedNowAsync(10, cancellationToken);
        var expiring = await environmentRows.ExpiringAsync(time.GetUtcNow() + Soon, 20, cancellationToken);
        var all = await environmentRows.EnvironmentsAsync(null, false, long.MaxValue, Cursor.Largest, cancellationToken);
        return new OverviewView(
            now.Running, now.Waiting, failed, [.. expiring.Select(environments.Row)], [.. all.Select(e => environments.Row(e.Data))],
            await store.CountApplicationsAsync(cancellationToken)) { FailedBuilds = builds };
    }

    public async Task<Page<ApplicationRow>> ApplicationsAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var limit = Cursor.Limit(page);
        var rows = await store.ApplicationsAsync(Cursor.Before(page), limit + 1, cancellationToken);
        return Cursor.Page(rows, limit, r => r.Number, r => new ApplicationRow(RepositoryAddress.Hide(r.Application), r.Environments, r.LastBuild));
    }

    public async Task<ApplicationView?> ApplicationAsync(string name, CancellationToken cancellationToken)
    {
        var configuration = await store.ConfigurationAsync(name, null, null, cancellationToken);
        if (configuration is null || await store.FindApplicationAsync(name, cancellationToken) is not { } application) return null;
        var rows = await environmentRows.EnvironmentsAsync(name, false, long.MaxValue, Cursor.Largest, cancellationToken);
        var kinds = templates.Template(configuration.Text.Template).Value?.EnvironmentTemplates ?? [];
        return new ApplicationView(
            RepositoryAddress.Hide(application), application.Hosted ? $"/git/{name}.git" : null, [.. rows.Select(e => environments.Row(e.Data))],
            kinds.Count > 0 ? kinds : [EnvironmentKind.Ephemeral.Word(), EnvironmentKind.Permanent.Word()]);
    }

    public async Task<SavedConfiguration?> ApplicationConfigurationAsync(string name, int? version, CancellationToken cancellationToken) =>
        Shown(await store.ConfigurationAsync(name, null, version is { } wanted ? new ConfigurationVersion(wanted, 0) : null, cancellationToken));

    public async Task<IReadOnlyList<SavedConfiguration>> ApplicationHistoryAsync(string name, CancellationToken cancellationToken) =>
        [.. (await store.HistoryAsync(name, null, HistoryLength, cancellationToken)).Select(c => Shown(c)!)];

    public async Task<Page<EnvironmentRow>> EnvironmentsAsync(string? application, bool includeRemoved, PageRequest page, CancellationToken cancellationToken)
    {
        var limit = Cursor.Limit(page);
        var rows = await environmentRows.EnvironmentsAsync(application, includeRemoved, Cursor.Before(page), limit + 1, cancellationToken);
        return Cursor.Page(rows, limit, r => r.Number, r => environments.Row(r.Data));
    }

    public Task<EnvironmentView?> EnvironmentAsync(string id, CancellationToken cancellationToken) =>
        environments.ViewAsync(id, async of => (await runs.DeploymentsAsync(null, of, null, long.MaxValue, 1, cancellationToken)) is [var newest] ? await ViewAsync(newest, cancellationToken) : null, cancellationToken);

    public async Task<SavedConfiguration?> EnvironmentConfigurationAsync(string id, ConfigurationVersion? version, CancellationToken cancellationToken) =>
        Shown(await store.ConfigurationAsync(null, id, version, cancellationToken));

    public async Task<IReadOnlyList<SavedConfiguration>> EnvironmentHistoryAsync(string id, CancellationToken cancellationToken) =>
        [.. (await store.HistoryAsync(null, id, HistoryLength, cancellationToken)).Select(c => Shown(c)!)];

    public Task<IReadOnlyList<GitRef>> RefsAsync(string application, CancellationToken cancellationToken) => environments.RefsAsync(application, cancellationToken);

    public async Task<Page<Build>> BuildsAsync(string application, PageRequest page, CancellationToken cancellationToken)
    {
        var limit = Cursor.Limit(page);
        return Cursor.Page(await runs.BuildsAsync(application, Cursor.Before(page), limit + 1, cancellationToken), limit, b => b.Id, b => b);
    }

    public async Task<BuildView?> BuildAsync(long id, CancellationToken cancellationToken)
    {
        if (await runs.BuildAsync(id, cancellationToken) is not { } found) return null;
        var deployable = (await environmentRows.EnvironmentsAsync(found.Build.Application, false, long.MaxValue, Cursor.Largest, cancellationToken))
            .Where(e => e.Data.Environment.Phase != EnvironmentPhase.TearingDown)
            .Select(e => environments.Row(e.Data));
        long? position = found.Run.Status == RunStatus.Queued
            ? (await queue.ReadAsync(0, cancellationToken)).Waiting.FirstOrDefault(r => r.Run.Id == found.Run.Id)?.Position
            : null;
        return new BuildView(found.Build, found.Run, found.Progress, found.Attempts, found.Previous, [.. deployable], position, Findings.Of(found.Run, logs));
    }

    public async Task<Page<Deployment>> DeploymentsAsync(string? application, string? environment, PageRequest page, CancellationToken cancellationToken)
    {
        var limit = Cursor.Limit(page);
        return Cursor.Page(await runs.DeploymentsAsync(application, environment, null, Cursor.Before(page), limit + 1, cancellationToken), limit, d => d.Id, d => d);
    }

    public async Task<DeploymentView?> DeploymentAsync(long id, CancellationToken cancellationToken) =>
        await runs.DeploymentAsync(id, cancellationToken) is { } deployment ? await ViewAsync(deployment, cancellationToken) : null;

    public async Task<RunView?> RunAsync(long id, CancellationToken cancellationToken) => await RunsAsync([id], cancellationToken) is [var only] ? only : null;

    public Task<QueueView> QueueAsync(CancellationToken cancellationToken) => queue.ReadAsync(20, cancellationToken);

    public async Task<Page<ActivityRow>> ActivityAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var limit = Cursor.Limit(page);
        var rows = await store.ActivityAsync(Cursor.Before(page), limit + 1, cancellationToken);
        return Cursor.Page(rows, limit, a => a.Id, a => new ActivityRow(a.Id, a.At, a.Actor, a.Action, a.Subject, a.Link));
    }

    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, CancellationToken cancellationToken)
    {
        const int Most = 20;
        if (string.IsNullOrWhiteSpace(text)) return [];
        var found = await store.SearchAsync(text.Trim(), Most, cancellationToken);
        IEnumerable<SearchHit> hits =
        [
            .. found.Applications.Select(a => new SearchHit("application", a.Name, RepositoryAddress.Hide(a).Repository, $"/applications/{a.Name}")),
            .. found.Environments.Select(e => new SearchHit("environment", e.Id, $"{e.Application}, {e.Branch}, {e.Phase.Word()}", $"/environments/{e.Id}")),
            .. found.Builds.Select(b => new SearchHit("build", $"Build {b.Id} of {b.Application}", $"{b.Commit[..Math.Min(7, b.Commit.Length)]} {b.Message.Split('\n', 2)[0]}", $"/builds/{b.Id}")),
            .. found.Deployments.Select(d => new SearchHit("deployment", $"Deployment {d.Id}", $"{d.Environment}, {d.Status.Word()}", $"/deployments/{d.Id}")),
        ];
        return [.. hits.Take(Most)];
    }

    private SavedConfiguration? Shown(SavedConfiguration? saved) =>
        saved is null ? null : saved with { Text = saved.Text with { Variables = templates.HideSecrets(saved.Text.Variables) } };

    private async Task<DeploymentView?> ViewAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        if (await environmentRows.EnvironmentAsync(deployment.Environment, cancellationToken) is not { } of) return null;
        var stages = await RunsAsync([.. deployment.Stages.Select(s => s.RunId)], cancellationToken);
        return new DeploymentView(deployment, of.Environment, stages, deployment.Commit is { } sha ? await environments.CommitAsync(deployment.Application, sha, cancellationToken) : null);
    }

    private async Task<IReadOnlyList<RunView>> RunsAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var views = new List<RunView>();
        foreach (var (run, steps) in await runs.RunsAsync(ids, cancellationToken)) views.Add(new RunView(run, steps, await queue.TypicalAsync(run, cancellationToken), Findings.Of(run, logs)));
        return views;
    }
}
