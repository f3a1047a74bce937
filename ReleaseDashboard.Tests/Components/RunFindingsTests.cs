using Bunit;
using ReleaseDashboard.Components.Runs;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Components;

public sealed class RunFindingsTests
{
    [Fact]
    public void Findings_AreSaidWithALinkToTheLine()
    {
        using var context = new PageContext();
        var finding = new RunFinding("secret", "jobs.migrate", 3, 120, "A secret was printed by jobs.migrate (3 times, first in line 120).");
        var shown = context.Render<RunFindings>(p => p.Add(f => f.Findings, [finding]).Add(f => f.LogLink, "/deployments/7?stage=setup"));
        Assert.Contains("A secret was printed by jobs.migrate", shown.Find("[data-testid=finding]").TextContent, StringComparison.Ordinal);
        Assert.Equal("/deployments/7?stage=setup&line=120", shown.Find("a").GetAttribute("href"));
    }

    [Fact]
    public void NoFindings_SayNothing()
    {
        using var context = new PageContext();
        Assert.Equal("", context.Render<RunFindings>(p => p.Add(f => f.Findings, null).Add(f => f.LogLink, "/builds/7")).Markup.Trim());
    }
}
