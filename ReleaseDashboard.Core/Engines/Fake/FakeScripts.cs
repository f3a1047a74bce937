using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Fake;

/// <summary>How instances of one service behave from now on. Without a script they are ready at once.</summary>
internal sealed record FakeServiceScript
{
    /// <summary>Instances become ready when it completes.</summary>
    public Task Ready { get; init; } = Task.CompletedTask;

    /// <summary>Set: after <see cref="Ready"/> the new instances turn out never to become ready, for this reason.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Set: the engine refuses to start it (port taken, for example).</summary>
    public string? Refusal { get; init; }

    /// <summary>What each instance prints when it starts.</summary>
    public IReadOnlyList<string> Lines { get; init; } = ["started"];
}

/// <summary>How a job behaves. Without a script it prints one line and succeeds.</summary>
internal sealed record FakeJobScript
{
    /// <summary>Printed at once.</summary>
    public IReadOnlyList<string> Lines { get; init; } = ["done"];

    public int ExitCode { get; init; }

    public bool OutOfMemory { get; init; }

    /// <summary>The job ends when it completes.</summary>
    public Task Finish { get; init; } = Task.CompletedTask;

    /// <summary>Runs between the lines and the end, for jobs that touch volumes or print as they go; returns the exit code.</summary>
    public Func<FakeJobRun, CancellationToken, Task<int>>? Body { get; init; }
}

/// <summary>What a scripted job can touch.</summary>
/// <param name="Volumes">Volume name → files of that volume.</param>
internal sealed record FakeJobRun(DesiredJob Job, IReadOnlyDictionary<string, IDictionary<string, string>> Volumes, Action<LogSource, string> Print);

/// <summary>How one image build behaves. Without a script it succeeds.</summary>
internal sealed record FakeBuildScript
{
    public IReadOnlyList<string> Steps { get; init; } = ["[1/2] FROM scratch", "[2/2] COPY . ."];

    /// <summary>Printed by the last step.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>The build ends when it completes.</summary>
    public Task Finish { get; init; } = Task.CompletedTask;

    /// <summary>Set: the last step fails with this.</summary>
    public Failure? Failure { get; init; }
}
