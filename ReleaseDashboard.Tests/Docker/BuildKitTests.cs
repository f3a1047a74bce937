using System.Collections.Concurrent;
using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker.BuildKit;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Engines;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Docker;

[Trait("Needs", "Docker")]
public sealed class BuildKitTests : IAsyncLifetime
{
    private readonly BuildKitImageBuilder _builder = new(DockerLab.Connection);
    private readonly BuildRecorder _output = new();
    private readonly string _name = $"release-test/bk-{Guid.NewGuid():N}";
    private readonly string _salt = Guid.NewGuid().ToString("N");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await TestImages.BusyboxAsync();

    public async ValueTask DisposeAsync()
    {
        if (await _builder.FindAsync($"{_name}:1", CancellationToken.None) is not null)
            await DockerLab.Connection.CallAsync(client => client.Images.DeleteImageAsync($"{_name}:1", new global::Docker.DotNet.Models.ImageDeleteParameters { Force = true }, CancellationToken.None), CancellationToken.None);
    }

    [Fact]
    public async Task Build_GoodDockerfile_MakesALabelledImageAndTellsItsSteps()
    {
        var result = await BuildAsync($"FROM {TestImages.Busybox}\nRUN echo hello-{_salt}; echo trouble >&2; printf 'no line end'\n");
        Assert.Null(result.Failure);
        Assert.StartsWith("sha256:", result.Image!.Digest, StringComparison.Ordinal);
        Assert.True(result.Image.SizeBytes > 1_000_000);
        Assert.Equal(result.Image.Digest, (await _builder.FindAsync($"{_name}:1", Stop))!.Digest);
        var image = await DockerLab.Connection.CallAsync(client => client.Images.InspectImageAsync(result.Image.Digest, Stop), Stop);
        Assert.Equal("demo", image.Config!.Labels!["release.application"]);

        var run = Assert.Single(_output.Steps, s => s.Name.Contains("RUN echo", StringComparison.Ordinal));
        Assert.False(run.Cached);
        Assert.True(run.FinishedAt >= run.StartedAt);
        var number = _output.Lines.Single(l => l.EndsWith($"hello-{_salt}", StringComparison.Ordinal) && !l.Contains("RUN", StringComparison.Ordinal)).Split(' ')[0];
        Assert.Contains(_output.All, l => l == (LogSource.Err, $"{number} trouble"));
        Assert.Contains($"{number} no line end", _output.Lines);
        Assert.Contains(_output.Lines, l => l.StartsWith($"{number} done ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_SecondTime_IsCached_NoCacheIsNot()
    {
        var dockerfile = $"FROM {TestImages.Busybox}\nRUN echo {_salt}\n";
        await BuildAsync(dockerfile);
        await BuildAsync(dockerfile);
        Assert.Contains(_output.Steps, s => s.Cached && s.Name.Contains("RUN", StringComparison.Ordinal));
        Assert.Contains(_output.Lines, l => l.EndsWith(" cached", StringComparison.Ordinal));
        await BuildAsync(dockerfile, noCache: true);
        Assert.DoesNotContain(_output.Steps, s => s.Cached && s.Name.Contains("RUN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_FailingStep_IsAResultWithItsLastLines()
    {
        var result = await BuildAsync($"FROM {TestImages.Busybox}\nRUN echo {_salt}; echo no rule to make target; exit 2\n");
        Assert.Null(result.Image);
        Assert.Contains("step RUN echo", result.Failure!.Summary, StringComparison.Ordinal);
        Assert.Contains("failed with exit code 2", result.Failure.Summary, StringComparison.Ordinal);
        Assert.Contains("no rule to make target", result.Failure.Evidence!, StringComparison.Ordinal);
        Assert.Contains(_output.Steps, s => s.Error is not null);
    }

    [Theory]
    [InlineData("RUNN true\n", null, "the Dockerfile has an error")]
    [InlineData("FROM registry.invalid/no/image:1\n", null, "the base image registry.invalid/no/image:1 cannot be pulled")]
    [InlineData("FROM release-test/busybox:1 AS one\n", "two", "the Dockerfile has no stage named two")]
    [InlineData("FROM release-test/busybox:1\nCOPY nothing.txt /\n", null, "step COPY nothing.txt / failed")]
    public async Task Build_BadDockerfile_SaysWhatIsWrong(string dockerfile, string? target, string expected)
    {
        var result = await BuildAsync(dockerfile, target: target);
        Assert.Null(result.Image);
        Assert.Contains(expected, result.Failure!.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("rpc error", result.Failure.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_DockerfileMissing_SaysWhere()
    {
        var result = await BuildAsync("FROM scratch\n", dockerfile: "deploy/Dockerfile.web");
        Assert.Contains("there is no Dockerfile at deploy/Dockerfile.web", result.Failure!.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_ArgsAndTarget_AreUsed()
    {
        var result = await BuildAsync(
            $"FROM {TestImages.Busybox} AS one\nARG GREETING\nRUN echo \"said $GREETING {_salt}\"\nFROM one AS two\nRUN exit 1\n",
            target: "one",
            args: new Dictionary<string, string> { ["GREETING"] = "hej & ? =" });
        Assert.Null(result.Failure);
        Assert.Contains(_output.Lines, l => l.EndsWith($"said hej & ? = {_salt}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_CacheMount_SurvivesBetweenBuilds()
    {
        await BuildAsync($"FROM {TestImages.Busybox}\nRUN --mount=type=cache,id={_salt},target=/cache echo first > /cache/f\n");
        var result = await BuildAsync($"FROM {TestImages.Busybox}\nRUN --mount=type=cache,id={_salt},target=/cache cat /cache/f\n");
        Assert.Null(result.Failure);
        Assert.Contains(_output.Lines, l => l.EndsWith(" first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_Canceled_EndsTheRunningStep()
    {
        using var cancel = new CancellationTokenSource();
        _output.OnLine = line =>
        {
            if (line.EndsWith("begun", StringComparison.Ordinal) && !line.Contains("RUN", StringComparison.Ordinal)) cancel.Cancel();
        };
        var seconds = Random.Shared.Next(3000, 30000);
        var building = _builder.BuildAsync(Request($"FROM {TestImages.Busybox}\nRUN echo {_salt}; echo begun; exec sleep {seconds}\n"), _output, cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => building.WaitAsync(TimeSpan.FromSeconds(20), Stop));
        await Eventually.TrueAsync(() => !IsRunning($"sleep {seconds}"), "the step's process is gone", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Build_HundredThousandLines_AllComeInOrderOrAreMarkedAsCut()
    {
        var result = await BuildAsync($"FROM {TestImages.Busybox}\nRUN echo {_salt} > /dev/null; seq 1 100000\n");
        Assert.Null(result.Failure);
        var numbers = _output.Lines.Select(l => l.Split(' ')).Where(w => w.Length == 2 && long.TryParse(w[1], out _)).Select(w => long.Parse(w[1])).ToList();
        var clipped = _output.Lines.Any(l => l.Contains("BuildKit cut the output", StringComparison.Ordinal));
        // The daemon cuts in the middle of a line.
        if (clipped) numbers.RemoveAt(numbers.Count - 1);
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), numbers);
        Assert.True(clipped || numbers.Count == 100000, $"{numbers.Count} lines came and nothing says that some are missing");
    }

    [Fact]
    public async Task Build_ContextCannotBeWritten_SaysTheWritersReason()
    {
        var request = Request("FROM scratch\n") with { WriteContext = (_, _) => throw new InvalidDataException("the commit is gone") };
        var problem = await Assert.ThrowsAsync<InvalidDataException>(() => _builder.BuildAsync(request, _output, Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop));
        Assert.Equal("the commit is gone", problem.Message);
    }

    private Task<ImageBuildResult> BuildAsync(string content, string dockerfile = "Dockerfile", string? target = null, IReadOnlyDictionary<string, string>? args = null, bool noCache = false) =>
        _builder.BuildAsync(Request(content, dockerfile, target, args, noCache), _output, Stop);

    private ImageBuildRequest Request(string content, string dockerfile = "Dockerfile", string? target = null, IReadOnlyDictionary<string, string>? args = null, bool noCache = false) => new(
        $"{_name}:1",
        dockerfile,
        target,
        args ?? new Dictionary<string, string>(),
        new Dictionary<string, string> { ["release.application"] = "demo" },
        async (stream, cancellationToken) =>
        {
            await using var tar = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: true);
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(content));
            await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, "Dockerfile") { DataStream = text }, cancellationToken);
        },
        noCache);

    private static bool IsRunning(string commandLine) => Process.GetProcesses().Any(process =>
    {
        using (process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process.Id}/cmdline").Replace('\0', ' ').Contains(commandLine, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    });

    private sealed class BuildRecorder : OutputRecorder, IBuildOutput
    {
        private readonly ConcurrentQueue<IReadOnlyList<BuildStep>> _steps = new();

        public IReadOnlyList<BuildStep> Steps => _steps.LastOrDefault() ?? [];

        public ValueTask StepsAsync(IReadOnlyList<BuildStep> steps, CancellationToken cancellationToken)
        {
            _steps.Enqueue(steps);
            return ValueTask.CompletedTask;
        }
    }
}
