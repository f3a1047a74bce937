using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Triggers;

/// <summary>
/// Gives a first start the sample application, in a repository hosted here. A file in the data directory remembers that it was done, so that somebody who
/// deleted the sample does not get it again. A failure is logged and tried again at the next start; the dashboard starts all the same.
/// </summary>
internal sealed class SampleSeeder(
    IGitRepositories repositories,
    IRecordStore records,
    IRefStore ledger,
    IRunService runs,
    IOptions<CoreOptions> options,
    ILogger<SampleSeeder> logger) : IHostedService
{
    public const string Application = "visits";
    private const string Branch = "main";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var done = Path.Combine(options.Value.DataDirectory, "sample-seeded");
        if (!options.Value.SeedSample || File.Exists(done)) return;
        try
        {
            if (await SeedAsync(cancellationToken).ConfigureAwait(false))
                await File.WriteAllTextAsync(done, "The sample application was created once. It is not created again.\n", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogError(e, "The sample application could not be created; the next start tries again.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> SeedAsync(CancellationToken cancellationToken)
    {
        // Not a first start: people have their own applications.
        if ((await records.ListApplicationsAsync(cancellationToken).ConfigureAwait(false)).Any(a => a.Name != Application)) return true;
        var files = Path.Combine(options.Value.SamplesDirectory ?? Path.Combine(AppContext.BaseDirectory, "samples"), Application);
        if (!Directory.Exists(files))
        {
            logger.LogWarning("The sample application is left out: {Directory} does not exist. Release__SamplesDirectory names the folder of the samples.", files);
            return false;
        }

        var request = new NewApplication(
            Application,
            null,
            Branch,
            await File.ReadAllTextAsync(Path.Combine(files, ".release", "application_template.yaml"), cancellationToken).ConfigureAwait(false),
            await File.ReadAllTextAsync(Path.Combine(files, ".release", "environment_variables.yaml"), cancellationToken).ConfigureAwait(false));
        var created = await runs.CreateApplicationAsync(request, new CommandContext(Actor.Owner, "sample", "sample:" + Application), cancellationToken).ConfigureAwait(false);
        if (!created.Accepted && created.Refusal!.Code != "conflict")
        {
            logger.LogError("The sample application could not be created: {Message}", created.Refusal.Message);
            return false;
        }

        // After the application: a repository that was there before it would be moved aside. A start that was killed here comes here again.
        await repositories.SeedHostedAsync(Application, files, Branch, "The sample application", cancellationToken).ConfigureAwait(false);
        await StandAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>The sample's own commit is not a push: it waits for the first click.</summary>
    private async Task StandAsync(CancellationToken cancellationToken)
    {
        if (await records.FindApplicationAsync(Application, cancellationToken).ConfigureAwait(false) is not { } application) return;
        if (await repositories.ResolveAsync(application, Branch, cancellationToken).ConfigureAwait(false) is { } commit)
            await ledger.WriteRefAsync(Application, Branch, commit.Sha, cancellationToken).ConfigureAwait(false);
    }
}
