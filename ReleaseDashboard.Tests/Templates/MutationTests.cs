using System.Text;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

/// <summary>Whatever is typed, pushed or sent: an answer, never an exception.</summary>
public sealed class MutationTests
{
    private const string Variables = "mapping: { A: RELEASE_ENV_ID }\ndefaults:\n- key: B\n  value: |\n    x ${A}\n  secret: true\n- { key: C, value: 1 }\nservices:\n  web:\n  - { key: D, secret: true, value: &v 'x' }\n  db: [{ key: E, value: *v }]\n";
    private static readonly string[] Pieces = ["\t", " ", "\n", "- ", ": ", "[", "]", "{", "}", "&a ", "*a", "!!int ", "|", ">", "'", "\"", "#", "---", "...", "? ", "<<: ", "~", "\0", "\ud800", "é", "%YAML 9.9", "@", "`", "\r", "\u2028", "0x1F", "-1", "1e999", ".nan"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Parse_MutatedText_AlwaysAnswers(int seed)
    {
        var random = new Random(seed);
        foreach (var round in Enumerable.Range(0, 1000))
        {
            var (original, isVariables) = (round % 3) switch { 0 => (Examples.Generated, false), 1 => (Examples.Large, false), _ => (Variables, true) };
            var text = Mutate(original, random);
            try
            {
                if (isVariables) ReadVariables(text);
                else ReadTemplate(text);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Seed {seed}, round {round}: {e}\n{text}");
            }
        }
    }

    private static void ReadTemplate(string text)
    {
        var parsed = TemplateParser.Parse(text);
        Assert.Equal(parsed.Value is null, parsed.HasErrors);
        Assert.All(parsed.Diagnostics, d => Assert.True(d is { Line: >= 1, Column: >= 1 } && d.Line <= text.Count(c => c is '\n' or '\r' or '\u2028' or '\u2029' or '\u0085') + 1, d.ToString()));
        foreach (var kind in Enum.GetValues<EnvironmentKind>())
        {
            var merged = EnvironmentTemplateMerge.Merge(text, kind);
            // What was valid stays valid as the configuration of an environment.
            if (parsed.Value is not null && merged.Value is not null) Assert.False(TemplateParser.Parse(merged.Value).HasErrors, $"{text}\n=====\n{merged.Value}");
        }
        if (parsed.Value is null) return;
        BuildSpecs.Hash(BuildSpecs.From(parsed.Value, "shop"));
        DesiredStateBuilder.Build(new DesiredInput(new EnvironmentScope("t", "shop", 1, 1, 1, "c"), EnvironmentKind.Ephemeral, "b", parsed.Value, VariablesTemplate.Empty, 1, [], "d", "http", null, new Dictionary<string, byte[]>()));
    }

    private static void ReadVariables(string text)
    {
        var parsed = VariablesParser.Parse(text);
        Assert.Equal(parsed.Value is null, parsed.HasErrors);
        var hidden = VariablesSecrets.Hide(text);
        if (parsed.Value is null) return;
        var merged = VariablesParser.Parse(VariablesSecrets.MergeKept(hidden, text));
        if (merged.Value is not null) Assert.Equal(parsed.Value.Defaults.Count, merged.Value.Defaults.Count);
        EnvironmentTemplateMerge.Variables(text);
        VariablesSecrets.Missing(text);
    }

    private static string Mutate(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(result.Length);
            switch (random.Next(5))
            {
                case 0:
                    result.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 1:
                    result.Remove(at, Math.Min(random.Next(1, 30), result.Length - at));
                    break;
                case 2:
                    result[at] = (char)random.Next(1, 0x250);
                    break;
                case 3:
                    var from = random.Next(text.Length);
                    result.Insert(at, text.AsSpan(from, Math.Min(random.Next(1, 200), text.Length - from)));
                    break;
                default:
                    if (at > 0) result.Length = at;
                    break;
            }
        }
        return result.ToString();
    }
}
