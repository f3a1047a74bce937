using Xunit;

namespace ReleaseDashboard.Tests.Verdicts;

/// <summary>Failures made to happen on the real engine, explained at the end of the real stage.</summary>
[Trait("Needs", "Docker")]
public sealed class VerdictDockerTests
{
    [Theory]
    [InlineData("job-out-of-memory")]
    [InlineData("job-dependency-refused")]
    [InlineData("service-loopback")]
    [InlineData("service-crash-loop")]
    [InlineData("service-image-not-authorised")]
    [InlineData("build-dns")]
    public async Task Failure_OnTheRealEngine_IsExplainedWithItsLine(string name)
    {
        var scenario = Scenario.All.Single(s => s.Name == name);
        var (failure, facts) = await Scenario.RunAsync(scenario, TestContext.Current.CancellationToken);
        Assert.Equal(scenario.Rule, failure.Rule);
        if (scenario.Proof is not null) Assert.Contains(scenario.Proof, failure.Evidence, StringComparison.Ordinal);
        Assert.Equal(facts.Lines.Single(l => l.Number == failure.Line).Text, failure.Evidence!.Split('\n')[0]);
    }
}
