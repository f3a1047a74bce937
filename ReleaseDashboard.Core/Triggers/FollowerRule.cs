using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Templates;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Core.Triggers;

/// <summary>Whether a push reaches the environments that follow its branch.</summary>
internal sealed class FollowerRule(IRecordStore records, IDashboardViews views)
{
    /// <summary><c>auto_deploy</c> of the application's template; on when it says nothing.</summary>
    public async Task<bool> AutoDeploysAsync(Application application, CancellationToken cancellationToken)
    {
        var saved = await records.ReadConfigurationAsync(application.Name, null, cancellationToken).ConfigureAwait(false);
        return saved is null || TemplateParser.Parse(saved.Text.Template).Value is not { AutoDeploy: false };
    }

    /// <summary>The newest deployment that brings a commit.</summary>
    public async Task<Deployment?> LatestAsync(ReleaseEnvironment environment, CancellationToken cancellationToken)
    {
        var page = await views.DeploymentsAsync(environment.Application, environment.Id, new PageRequest(20), cancellationToken).ConfigureAwait(false);
        return page.Items.FirstOrDefault(d => d.Commit is not null);
    }

    /// <summary>
    /// True when the newest deployment is one of this commit, however it ended: nothing follows from the push. One that failed, or that somebody canceled, is
    /// not started again by a look at the repository; Deploy does that.
    /// </summary>
    public static bool HadOrGets(Deployment? latest, string sha) => latest?.Commit == sha;
}
