using System.Text;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>Applications: made from a repository, removed when no environment is left.</summary>
internal sealed class ApplicationCommands(
    CommandRunner runner, CommandStore store, IGitRepositories git, ILogStore logs, ITemplateReader templates, TimeProvider time, ILogger<ApplicationCommands> logger) : IDisposable
{
    private const string TemplatePath = ".release/application_template.yaml";
    private const string VariablesPath = ".release/environment_variables.yaml";

    /// <summary>Names are given and taken back one at a time, rows and files together: neither finds half of the other's.</summary>
    private readonly SemaphoreSlim _names = new(1, 1);

    private sealed record Birth(string Repository, bool Hosted, string TrackingBranch, ConfigurationText Text);

    public void Dispose() => _names.Dispose();

    public async Task<Outcome<Application>> CreateAsync(NewApplication request, CommandContext context, CancellationToken cancellationToken)
    {
        // A repository elsewhere may take minutes to read, and has no files of ours that would be in the way.
        if (!IsHosted(request)) return Shown(await RunCreateAsync(request, context, cancellationToken));
        await _names.WaitAsync(cancellationToken);
        try
        {
            return await RunCreateAsync(request, context, cancellationToken);
        }
        finally
        {
            _names.Release();
        }
    }

    public async Task<Outcome<Application>> DeleteAsync(string name, CommandContext context, CancellationToken cancellationToken)
    {
        await _names.WaitAsync(cancellationToken);
        try
        {
            return Shown(await RunDeleteAsync(name, context, cancellationToken));
        }
        finally
        {
            _names.Release();
        }
    }

    private Task<Outcome<Application>> RunCreateAsync(NewApplication request, CommandContext context, CancellationToken cancellationToken) => runner.RunAsync(
        new Command<Birth, Application>(
            "create application",
            new { request.Name, Repository = Digest.Of(request.Repository), request.TrackingBranch, Text = Digest.Of(request.Template, request.Variables) },
            StartsRuns: false,
            token => PrepareAsync(request, token),
            (tx, birth) => CreateAsync(tx, request.Name, birth, context),
            application => application.Name,
            RecallAsync),
        context,
        cancellationToken);

    private async Task<Outcome<Application>> RunDeleteAsync(string name, CommandContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<long> runs = [];
        var outcome = await runner.RunAsync(
            new Command<bool, Application>(
                "delete application",
                new { name },
                StartsRuns: false,
                Recalls.Nothing,
                async (tx, _) =>
                {
                    if (await tx.ApplicationAsync(name) is not { } row) return Refusals.NotFound("application", name);
                    if (await tx.LivingEnvironmentsAsync(name) is { Count: > 0 } living) return Refusals.EnvironmentsExist(name, living);
                    if ((await tx.UnfinishedBuildsAsync(name)).Exists(r => r.Status == RunStatus.Running)) return Refusals.BuildUnderWay(name);
                    runs = await tx.DeleteApplicationAsync(row);
                    tx.Activity(context.Actor.Name, "deleted application", name, null);
                    return tx.Record(row);
                },
                application => application.Name,
                RecallAsync),
            context,
            cancellationToken);
        if (outcome.Accepted) await RemoveFilesAsync(outcome.Value, runs);
        return outcome;
    }

    private async Task<Outcome<Birth>> PrepareAsync(NewApplication request, CancellationToken cancellationToken)
    {
        if (!EnvironmentRules.IsName(request.Name)) return EnvironmentRules.BadName("application", request.Name);
        if (await store.ReadAsync(tx => tx.ApplicationAsync(request.Name), cancellationToken) is not null) return Taken(request.Name);

        var hosted = IsHosted(request);
        var byDefault = hosted ? null : await git.ProbeAsync(request.Repository!, cancellationToken);
        var repository = hosted ? await git.CreateHostedAsync(request.Name, cancellationToken) : request.Repository!.Trim();
        var branch = string.IsNullOrWhiteSpace(request.TrackingBranch) ? byDefault ?? "main" : request.TrackingBranch.Trim();

        var draft = new Application(request.Name, repository, hosted, branch, 1, time.GetUtcNow());
        var text = await TextAsync(draft, request, cancellationToken);
        return text.Accepted ? new Birth(repository, hosted, branch, text.Value) : text.Refusal;
    }

    /// <summary>Template and variables as given, else from the repository, else made from its Dockerfile.</summary>
    private async Task<Outcome<ConfigurationText>> TextAsync(Application draft, NewApplication request, CancellationToken cancellationToken)
    {
        GitCommit? tip = null;
        if (request.Template is null || request.Variables is null || !draft.Hosted)
        {
            await git.FetchAsync(draft, cancellationToken);
            tip = await git.ResolveAsync(draft, draft.TrackingBranch, cancellationToken);
            // A hosted repository is born empty; anywhere else a branch that is not there is a mistake.
            if (tip is null && !draft.Hosted) return Refusals.RefNotFound(draft.Name, draft.TrackingBranch);
        }

        var template = request.Template
            ?? await ReadAsync(draft, tip, TemplatePath, cancellationToken)
            ?? templates.Generate(draft.Name, await ReadAsync(draft, tip, "Dockerfile", cancellationToken));
        if (templates.Template(template) is { HasErrors: true } badTemplate) return Refusals.Template("template", badTemplate.Diagnostics);
        var variables = request.Variables ?? await ReadAsync(draft, tip, VariablesPath, cancellationToken) ?? "";
        if (templates.Variables(variables) is { HasErrors: true } badVariables) return Refusals.Template("variables", badVariables.Diagnostics);
        var unknown = templates.References(new ConfigurationText(template, variables));
        if (unknown.Template.Count > 0) return Refusals.Template("template", unknown.Template);
        if (unknown.Variables.Count > 0) return Refusals.Template("variables", unknown.Variables);
        return new ConfigurationText(template, variables);
    }

    private async Task<string?> ReadAsync(Application application, GitCommit? commit, string path, CancellationToken cancellationToken) =>
        commit is not null && await git.ReadFileAsync(application, commit.Sha, path, cancellationToken) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static async Task<Outcome<Application>> CreateAsync(CommandTransaction tx, string name, Birth birth, CommandContext context)
    {
        if (await tx.ApplicationAsync(name) is not null) return Taken(name);
        var row = await tx.AddAsync(new ApplicationEntity
        {
            Name = name,
            Repository = tx.SealAddress(birth.Repository),
            Hosted = birth.Hosted,
            TrackingBranch = birth.TrackingBranch,
            Version = 1,
            CreatedAt = tx.Now,
        });
        await tx.ForgetRefsAsync(name);
        tx.Save(name, null, new(1, 0), birth.Text, context.Actor.Name);
        tx.Activity(context.Actor.Name, "created application", name, $"/applications/{name}");
        return tx.Record(row);
    }

    private static bool IsHosted(NewApplication request) => string.IsNullOrWhiteSpace(request.Repository);

    private static Outcome<Application> Shown(Outcome<Application> outcome) => outcome.Accepted ? RepositoryAddress.Hide(outcome.Value) : outcome;

    private static Refusal Taken(string name) => Refusals.Conflict($"There already is an application named '{name}'. Choose another name.");

    private static async Task<Outcome<Application>> RecallAsync(CommandTransaction tx, string name) =>
        await tx.ApplicationAsync(name) is { } row ? tx.Record(row) : Refusals.NotFound("application", name);

    /// <summary>The application is gone already, whether or not somebody still waits for the answer; files that cannot be removed are only a waste of room.</summary>
    private async Task RemoveFilesAsync(Application application, IReadOnlyList<long> runs)
    {
        await TryAsync(() => git.DeleteAsync(application, CancellationToken.None));
        foreach (var run in runs)
        {
            await TryAsync(() =>
            {
                logs.Delete($"run-{run}");
                return Task.CompletedTask;
            });
        }

        async Task TryAsync(Func<Task> remove)
        {
            try
            {
                await remove();
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or GitException or InvalidOperationException)
            {
                logger.LogWarning(problem, "Files of the deleted application {Application} could not be removed", application.Name);
            }
        }
    }
}
