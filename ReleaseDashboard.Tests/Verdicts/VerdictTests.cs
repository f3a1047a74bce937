using System.Text.Json;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Verdicts;
using ReleaseDashboard.Tests.Architecture;
using Xunit;

namespace ReleaseDashboard.Tests.Verdicts;

/// <summary>A failure that happened for real, and what its cause was.</summary>
/// <param name="Rule">The rule that has to find it.</param>
/// <param name="Proof">Part of the line that has to be its evidence; null where no line proves it.</param>
internal sealed record RecordedFailure(string Name, string Rule, string? Proof, FailureFacts Facts)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Folder => Path.Combine(SourceTree.Root, "ReleaseDashboard.Tests", "Verdicts", "Fixtures");

    public static IReadOnlyList<RecordedFailure> All() => [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(f => JsonSerializer.Deserialize<RecordedFailure>(File.ReadAllText(f), Json)!)];

    public bool IsHit(Verdict verdict) => verdict.Rule == Rule && (Proof is null || verdict.Evidence?.Contains(Proof, StringComparison.Ordinal) == true);
}

public sealed class VerdictTests
{
    public static TheoryData<string> Fixtures => [.. RecordedFailure.All().Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Failure_ThatHappened_IsExplained(string name)
    {
        var fixture = RecordedFailure.All().Single(f => f.Name == name);
        var verdict = Judge.Say(fixture.Facts);
        Assert.Equal(fixture.Rule, verdict.Rule);
        if (fixture.Proof is not null)
        {
            Assert.Contains(fixture.Proof, verdict.Evidence, StringComparison.Ordinal);
            Assert.Equal(fixture.Facts.Lines.Single(l => l.Number == verdict.Line).Text, verdict.Evidence!.Split('\n')[0]);
        }
        Assert.EndsWith(".", verdict.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', verdict.Summary);
    }

    [Fact]
    public void Rule_Each_HasAFailureThatHappened() => Assert.Empty(VerdictRules.All.Select(r => r.Id).Except(RecordedFailure.All().Select(f => f.Rule)));

    [Fact]
    public void Page_HasTheRulesAsTheyAre()
    {
        var rows = File.ReadLines(Path.Combine(SourceTree.Root, "docs", "verdicts.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(VerdictRules.All.Select(r => $"| `{r.Id}` | {r.When} | {r.Suggestion} |"), rows);
    }

    [Fact]
    public void Failure_NobodyKnows_ShowsTheLastDistinctErrors()
    {
        FactLine[] lines =
        [
            new(1, "error: old", true, true), new(2, "retry 1: error: a", true, true), new(3, "fine", false, true), new(4, "retry 2: error: a", true, true), new(5, "error: b", true, true), new(6, "jobs.load failed", true, false),
        ];
        var verdict = Judge.Say(new FailureFacts(Stage.Setup, "jobs.load", "jobs.load ended with exit code 1.", new FailureClues { ExitCode = 1 }, lines));
        Assert.Equal((VerdictRules.Unknown, "error: old\nretry 2: error: a\nerror: b", 1L), (verdict.Rule, verdict.Evidence, verdict.Line));
    }

    [Fact]
    public void Failure_OfWhichNothingIsKnown_IsStillSaid() =>
        Assert.Equal(new Verdict("unknown", "It failed.", null, null, VerdictRules.All[^1].Suggestion), Judge.Say(new FailureFacts(Stage.Build, "images.web", "It failed.", new FailureClues(), [])));
}
