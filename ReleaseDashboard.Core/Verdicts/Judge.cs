namespace ReleaseDashboard.Core.Verdicts;

/// <summary>Says why something failed: the first rule that fits. There is always one, the last fits everything.</summary>
public static class Judge
{
    private const int LongestEvidence = 1000;

    public static Verdict Say(FailureFacts facts)
    {
        foreach (var rule in VerdictRules.All)
        {
            if (rule.Look(facts) is not { } found) continue;
            var evidence = found.Evidence.Count == 0 ? null : string.Join('\n', found.Evidence.Select(l => l.Text.Length > LongestEvidence ? l.Text[..LongestEvidence] + "…" : l.Text));
            return new Verdict(rule.Id, found.Summary, evidence, found.Evidence.Count == 0 ? null : found.Evidence[0].Number, rule.Suggestion);
        }
        throw new InvalidOperationException("The last rule fits everything.");
    }
}
