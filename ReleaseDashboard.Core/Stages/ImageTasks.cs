using System.Collections.Concurrent;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary><c>images.x</c>: makes one image. Services with the same instructions are one task, named after the first of them.</summary>
internal sealed class ImageTasks : ITaskPerformer, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly BuildWork _work;
    private readonly bool _noCache;
    private readonly IImageBuilder _builder;
    private readonly IGitRepositories _git;
    private readonly ReceiptBook _receipts;
    private readonly TimeProvider _clock;
    private readonly List<IGrouping<string, BuildSpec>> _groups;
    private readonly ConcurrentDictionary<string, BuiltImage> _made = new();
    private readonly ConcurrentDictionary<string, BuildProgress> _progress = new();
    private readonly CoalescedWriter _writer;

    /// <param name="noCache">A rebuild is asked for because the cache is not believed any more.</param>
    public ImageTasks(BuildWork work, bool noCache, IRunJournal journal, IImageBuilder builder, IGitRepositories git, ReceiptBook receipts, TimeProvider clock)
    {
        (_work, _noCache, _builder, _git, _receipts, _clock) = (work, noCache, builder, git, receipts, clock);
        _groups = [.. work.Specs.GroupBy(Instructions)];
        Step = new PlannedStep("images", [.. _groups.Select(g => new PlannedTask($"images.{g.First().Service}", TaskKind.Image, g.First().Service))]);
        _writer = new CoalescedWriter(token => journal.WriteBuildProgressAsync(Progress(), token), Interval, clock);
    }

    public PlannedStep Step { get; }

    /// <summary>One entry for each service, in the order of the template.</summary>
    public IReadOnlyList<BuildImage> Made =>
    [
        .. from spec in _work.Specs
           let image = _made[Instructions(spec)]
           select new BuildImage(spec.Service, spec.Image, image.Reference, image.Digest, image.SizeBytes),
    ];

    public Task FlushAsync(CancellationToken cancellationToken) => _writer.FlushAsync(cancellationToken);

    public async Task<TaskResult> PerformAsync(PlannedTask task, TaskLog log, CancellationToken cancellationToken)
    {
        var group = _groups.Single(g => g.First().Service == task.Subject);
        var spec = group.First();
        var commit = _work.Build.Commit;
        // Another dashboard on the same engine counts its builds from 1 too: commit and instructions make the name this build's own.
        var reference = $"release/{_work.Application.Name}/{spec.Service}:build-{_work.Build.Id}-{Short(commit)}-{_work.Build.SpecHash[..Math.Min(8, _work.Build.SpecHash.Length)]}".ToLowerInvariant();
        if (await _builder.FindAsync(reference, cancellationToken) is { } there)
        {
            await log.SayAsync($"{reference} was built by an earlier attempt", cancellationToken);
            var now = _clock.GetUtcNow();
            Report(spec.Service, [new BuildStep(there.Digest, "built by an earlier attempt", true, now, now, null)]);
            return Done(group.Key, there);
        }

        try
        {
            if (await FindDockerfileAsync(spec, commit, cancellationToken) is not var (path, dockerfile)) return TaskResult.Failed(await MissingAsync(spec, commit, log, cancellationToken));
            await log.SayAsync($"Building {reference} from {path}, context {spec.Context}{(_noCache ? ", without cache" : "")}", cancellationToken);
            var context = new BuildContext(_git, _work.Application, commit, spec.Context, path, dockerfile);
            var request = new ImageBuildRequest(reference, context.Dockerfile, spec.Target, spec.Args, Labels(), context.WriteAsync, _noCache);
            var result = await _builder.BuildAsync(request, new Output(this, spec.Service, log), cancellationToken);
            if (result.Image is { } image)
            {
                await log.SayAsync($"{reference} built: {image.Digest}, {image.SizeBytes / 1048576.0:0.0} MiB", cancellationToken);
                return Done(group.Key, image);
            }

            var failure = result.Failure ?? new Failure($"The image of {spec.Service} could not be built.");
            var line = await log.SayAsync(failure.Summary, cancellationToken);
            return TaskResult.Failed(failure with { Line = line });
        }
        catch (GitException e)
        {
            var line = await log.SayAsync(e.Message, cancellationToken);
            return TaskResult.Failed(new Failure(e.Message, null, "Check the build's context and Dockerfile in the template, and that the commit is still in the repository.", line));
        }
    }

    /// <summary>Performing is the better answer: it asks the engine whether the image is still there.</summary>
    public Task<TaskResult?> RestoreAsync(PlannedTask task, RunTask ended, CancellationToken cancellationToken) => Task.FromResult<TaskResult?>(null);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    internal static string Short(string commit) => commit[..Math.Min(7, commit.Length)];

    private static string Instructions(BuildSpec spec) =>
        string.Join('\n', spec.Image, spec.Context, spec.Dockerfile, spec.DockerfileFromRoot, spec.Target, string.Join('\n', spec.Args.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}")));

    private TaskResult Done(string instructions, BuiltImage image)
    {
        _made[instructions] = image;
        _receipts.Add(new ReceiptItem(ReceiptAction.Created, "image", image.Reference, image.Digest));
        return TaskResult.Succeeded(image.Digest);
    }

    private async Task<(string Path, byte[] Content)?> FindDockerfileAsync(BuildSpec spec, string commit, CancellationToken cancellationToken)
    {
        foreach (var path in new[] { spec.Dockerfile, spec.DockerfileFromRoot }.OfType<string>())
        {
            if (await _git.ReadFileAsync(_work.Application, commit, path, cancellationToken) is { } content) return (path, content);
        }

        return null;
    }

    private static async Task<Failure> MissingAsync(BuildSpec spec, string commit, TaskLog log, CancellationToken cancellationToken)
    {
        var where = spec.DockerfileFromRoot is { } other ? $"neither {spec.Dockerfile} nor {other}, exists" : $"{spec.Dockerfile}, does not exist";
        var summary = $"The Dockerfile of {spec.Service}, {where} at commit {Short(commit)}.";
        return new Failure(summary, null, "Add the file to the repository, or correct build.dockerfile in the template.", await log.SayAsync(summary, cancellationToken));
    }

    private Dictionary<string, string> Labels() => new()
    {
        ["release.application"] = _work.Application.Name,
        ["release.commit"] = _work.Build.Commit,
        ["release.build"] = _work.Build.Id.ToString(),
    };

    private void Report(string service, IReadOnlyList<BuildStep> steps)
    {
        _progress[service] = new BuildProgress(service, steps);
        _writer.Mark();
    }

    private IReadOnlyList<BuildProgress> Progress() => [.. _groups.Select(g => _progress.GetValueOrDefault(g.First().Service)).OfType<BuildProgress>()];

    private sealed class Output(ImageTasks tasks, string service, TaskLog log) : IBuildOutput
    {
        public ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) => log.WriteAsync(source, text, cancellationToken);

        public ValueTask StepsAsync(IReadOnlyList<BuildStep> steps, CancellationToken cancellationToken)
        {
            tasks.Report(service, steps);
            return ValueTask.CompletedTask;
        }
    }
}
