using System.Text.Json;
using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Verdicts;
using ReleaseDashboard.Tests.Verdicts;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

public sealed class VerdictBenchmarks
{
    /// <summary>With <c>RELEASE_RECORD_VERDICTS=1</c> each failure is made to happen on the real engine and written down as a fixture.</summary>
    [Fact(Explicit = true)]
    public async Task HitRate_OverTheFixtures()
    {
        if (Environment.GetEnvironmentVariable("RELEASE_RECORD_VERDICTS") == "1") await RecordAsync();
        var fixtures = RecordedFailure.All();
        var hits = fixtures.Count(f => f.IsHit(Judge.Say(f.Facts)));
        BenchTable.Row($"Verdicts that name the cause, of {fixtures.Count} recorded failures", 100.0 * hits / fixtures.Count, "%", target: "100 %");
        Assert.Equal(fixtures.Count, hits);
    }

    private static async Task RecordAsync()
    {
        foreach (var scenario in Scenario.All)
        {
            try
            {
                var (failure, facts) = await Scenario.RunAsync(scenario, TestContext.Current.CancellationToken);
                var recorded = new RecordedFailure(scenario.Name, scenario.Rule, scenario.Proof, facts);
                // Ports of the moment would make every recording another one.
                var text = Regex.Replace(JsonSerializer.Serialize(recorded, RecordedFailure.Json), @"127\.0\.0\.1:\d{5}", "127.0.0.1:5000");
                await File.WriteAllTextAsync(Path.Combine(RecordedFailure.Folder, scenario.Name + ".json"), text + "\n", TestContext.Current.CancellationToken);
                Console.WriteLine($"{scenario.Name}: {failure.Rule}: {failure.Summary} [{failure.Evidence}]");
            }
            catch (InvalidOperationException e)
            {
                Console.WriteLine($"{scenario.Name}: not recorded: {e.Message}");
            }
        }
    }
}
