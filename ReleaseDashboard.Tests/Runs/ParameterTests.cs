using System.Collections.Concurrent;
using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

/// <summary>A value given when the environment is created, on its way into the container.</summary>
public sealed class ParameterTests : IDisposable
{
    private const string Template =
        """
        parameters:
          - { name: color }
          - { name: size, default: small }
          - { name: note, optional: true }
        services:
          - name: web
            image: busybox
            envs:
              - { key: COLOR, value: "${parameters.color}" }
              - { key: SIZE, value: "${parameters.size}" }
        jobs:
          - { name: migrate, from_services: web }
        workflows:
          - name: setup
            order_from: [jobs.migrate, services.web]
        """;

    private const string Variables =
        """
        services:
          web:
          - { key: PASSWORD, value: "${parameters.color}", secret: true }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly EngineHost _bench;

    public ParameterTests() => _bench = new EngineHost(_folder.Path);

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Parameter_GivenAtCreation_ReachesTheContainers_AndStandsNowhereInClear()
    {
        var seen = new ConcurrentDictionary<string, string>();
        _bench.Engine.Jobs["migrate"] = new FakeJobScript
        {
            Body = (run, _) =>
            {
                foreach (var (key, value) in run.Job.Environment) seen[key] = value;
                run.Print(LogSource.Out, $"painting it {run.Job.Environment["COLOR"]}");
                return Task.FromResult(0);
            },
        };
        var (host, _) = await _bench.StartAsync();
        await using (host)
        {
            await host.ApplicationAsync(Template, Variables);
            var created = RunHost.Accepted(await CreateAsync(host, new() { ["color"] = "ultramarine-9" }, "k"));
            var ended = await host.EndedAsync(created.Id);
            Assert.Equal((RunStatus.Succeeded, null), (ended.Status, ended.Failure));
            Assert.Equal(("ultramarine-9", "small"), (seen["COLOR"], seen["SIZE"]));
            var applied = (await host.Records.ReadAppliedAsync(created.Environment, RunHost.Token)).Desired!;
            Assert.Equal("ultramarine-9", Assert.Single(applied.Services).Environment["COLOR"]);

            var log = await host.Logs.ReadAsync($"run-{ended.Stages[^1].RunId}", 1, 500, RunHost.Token);
            Assert.Contains(log.Lines, l => l.Text.StartsWith("painting it ", StringComparison.Ordinal));
            Assert.DoesNotContain(log.Lines, l => l.Text.Contains("ultramarine-9", StringComparison.Ordinal));
        }

        foreach (var file in Directory.GetFiles(_folder.Path, "release.db*"))
            Assert.DoesNotContain("ultramarine-9", await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1, RunHost.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithoutARequiredParameterOrWithAnUnknownOne_IsRefusedByName()
    {
        var (host, _) = await _bench.StartAsync(work: false);
        await using (host)
        {
            await host.ApplicationAsync(Template, Variables);
            var missing = await CreateAsync(host, null);
            RunHost.Refused("invalid", missing);
            Assert.Contains("'color'", missing.Refusal!.Message, StringComparison.Ordinal);
            var unknown = await CreateAsync(host, new() { ["color"] = "red", ["colour"] = "red" });
            RunHost.Refused("invalid", unknown);
            Assert.Contains("'colour'", unknown.Refusal!.Message, StringComparison.Ordinal);
            Assert.Empty(await host.Records.ListEnvironmentsAsync(RunHost.Token));
        }
    }

    [Fact]
    public async Task Create_RepeatedWithItsKeyAndOtherValues_IsRefused()
    {
        var (host, _) = await _bench.StartAsync(work: false);
        await using (host)
        {
            await host.ApplicationAsync(Template, Variables);
            var first = RunHost.Accepted(await CreateAsync(host, new() { ["color"] = "red", ["size"] = "big" }, "k"));
            Assert.Equal(first.Id, RunHost.Accepted(await CreateAsync(host, new() { ["size"] = "big", ["color"] = "red" }, "k")).Id);
            RunHost.Refused("idempotency_key_reused", await CreateAsync(host, new() { ["color"] = "blue", ["size"] = "big" }, "k"));
        }
    }

    private static Task<Outcome<Deployment>> CreateAsync(RunHost host, Dictionary<string, string>? parameters, string? key = null) =>
        host.Commands.CreateEnvironmentAsync(new NewEnvironment("shop", "main", null, EnvironmentKind.Ephemeral, null, parameters), RunHost.By("create", key), RunHost.Token);
}
