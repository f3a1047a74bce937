using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Engines;

public sealed class FakeEngineConformanceTests : EngineConformance
{
    private readonly FakeEngine _engine = new(TimeProvider.System);

    protected override IEngine Engine => _engine;

    protected override DesiredService Healthy(string name, string hash, int replicas = 1, string? volume = null)
    {
        _engine.Services[name] = new FakeServiceScript { Lines = ["listening"] };
        return Wanted.Service(name, "any:1", hash, [], Wanted.Tcp(), replicas, volume);
    }

    protected override DesiredService NeverReady(string name, string hash)
    {
        _engine.Services[name] = new FakeServiceScript
        {
            Lines = ["cannot find the database"],
            Failure = new Failure($"{name} never became ready: port 8080 does not accept connections for 2 s."),
        };
        return Wanted.Service(name, "any:1", hash, [], Wanted.Tcp());
    }

    protected override DesiredJob Printing(string name, int exitCode, params string[] lines)
    {
        _engine.Jobs[name] = new FakeJobScript { Lines = lines, ExitCode = exitCode };
        return Wanted.Job(name, "any:1", []);
    }

    protected override DesiredJob Endless(string name, int timeoutSeconds = 600)
    {
        _engine.Jobs[name] = new FakeJobScript { Lines = ["working"], Finish = new TaskCompletionSource().Task };
        return Wanted.Job(name, "any:1", [], timeoutSeconds);
    }

    protected override DesiredJob Appending(string volume, string text)
    {
        _engine.Jobs[$"append-{text}"] = new FakeJobScript
        {
            Lines = [],
            Body = (run, _) =>
            {
                var files = run.Volumes[volume];
                files["file"] = files.TryGetValue("file", out var before) ? $"{before}\n{text}" : text;
                foreach (var line in files["file"].Split('\n')) run.Print(LogSource.Out, line);
                return Task.FromResult(0);
            },
        };
        return Wanted.Job($"append-{text}", "any:1", [], volume: volume);
    }

    protected override Task RemoveOutsideAsync(string instanceId)
    {
        _engine.Remove(instanceId);
        return Task.CompletedTask;
    }

    protected override IEngine Away() => new FakeEngine(TimeProvider.System) { Away = true };
}
