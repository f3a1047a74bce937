using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Templates;
using ReleaseDashboard.Tests.Architecture;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

/// <summary>What the reference shows, and what the samples use, loads.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Reference_EveryExample_HasOnlyKnownKeys()
    {
        var reference = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "template-reference.md"));
        var examples = Example().Matches(reference).Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(5, examples.Count);
        foreach (var example in examples)
        {
            var problems = example.StartsWith("mapping", StringComparison.Ordinal) ? VariablesParser.Parse(example).Diagnostics : TemplateParser.Parse(example).Diagnostics;
            // Excerpts name services and jobs that stand elsewhere; a partial override has no image.
            Assert.DoesNotContain(problems, d => d.IsWarning || !(d.Message.StartsWith("There is no", StringComparison.Ordinal) || d.Message.Contains("neither an image", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Samples_EveryTemplate_LoadsWithoutAWord()
    {
        var files = Directory.GetFiles(Path.Combine(SourceTree.Root, "samples"), "*.yaml", SearchOption.AllDirectories).Where(f => f.Contains(".release", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.Empty(f.EndsWith("variables.yaml", StringComparison.Ordinal) ? VariablesParser.Parse(File.ReadAllText(f)).Diagnostics : TemplateParser.Parse(File.ReadAllText(f)).Diagnostics));
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
