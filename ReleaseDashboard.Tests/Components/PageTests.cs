using Bunit;
using ReleaseDashboard.Components.Builds;
using ReleaseDashboard.Components.Layout;
using ReleaseDashboard.Components.Pages;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Components;

public sealed class PageTests
{
    [Fact]
    public async Task Overview_ApplicationWithoutEnvironment_HasTheOnlyDeployButton()
    {
        await using var context = new PageContext();
        var page = context.Render<OverviewPage>();
        Assert.Single(page.FindAll("button"), b => b.TextContent.Trim() == "Deploy");
        Assert.Contains("4 environments, 1 ready and healthy", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_SaysWhatIsWaitedFor_AndCancels()
    {
        await using var context = new PageContext();
        var page = context.Render<QueuePage>();
        Assert.Contains("waits for ted77a0 is being patched by deployment 125", page.Markup, StringComparison.Ordinal);
        await page.Button("Cancel").ClickAsync(new());
        Assert.Equal(("cancel", "128"), (context.Runs.Calls[0].Command, context.Runs.Calls[0].Subject));
    }

    [Fact]
    public async Task Build_Succeeded_SaysHowLongAndHowMuchWasCached_AndCanBeDeployed()
    {
        await using var context = new PageContext();
        var page = context.Render<BuildPage>(p => p.Add(b => b.Id, 12));
        Assert.Equal("Built in 1 min 0 s, 4 of 10 steps from cache", page.Find("[role=status]").TextContent.Trim());
        Assert.False(page.Button("Deploy").HasAttribute("disabled"));
        Assert.Null(page.FindButton("Cancel"));
    }

    [Fact]
    public async Task Build_Running_CanBeCanceledAndNotDeployed()
    {
        await using var context = new PageContext();
        var page = context.Render<BuildPage>(p => p.Add(b => b.Id, 13));
        Assert.True(page.Button("Deploy").HasAttribute("disabled"));
        await page.Button("Cancel").ClickAsync(new());
        Assert.Equal("cancel-build", Assert.Single(context.Runs.Calls).Command);
    }

    [Fact]
    public void BuildSteps_SideBySide_StandOnOneAxis()
    {
        using var context = new PageContext();
        var at = context.Clock.GetUtcNow();
        BuildProgress[] progress =
        [
            new("web", [new("a", "RUN one", false, at, at.AddSeconds(10), null)]),
            new("worker", [new("b", "RUN two", false, at.AddSeconds(5), at.AddSeconds(20), null)]),
        ];
        var bars = context.Render<BuildSteps>(p => p.Add(s => s.Progress, progress)).FindAll(".axis i").Select(i => i.GetAttribute("style"));
        Assert.Equal(["left:0%;right:50%", "left:25%;right:0%"], bars);
    }

    [Fact]
    public void BuildSteps_OfAFailedImage_SayWhereItFailed()
    {
        using var context = new PageContext();
        var at = context.Clock.GetUtcNow();
        BuildProgress[] progress = [new("web", [new("a", "FROM base", true, at, at, null), new("b", "RUN make", false, at, at.AddSeconds(2), "exit code 2")])];
        var text = context.Render<BuildSteps>(p => p.Add(s => s.Progress, progress)).Find("h3").TextContent;
        Assert.Contains("failed at step 2 of 2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("done", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overview_WithoutFailures_SaysSo()
    {
        await using var context = new PageContext();
        Assert.Contains("1 failed", context.Render<OverviewPage>().Markup, StringComparison.Ordinal);
        context.Views.Deployments.RemoveAll(d => d.Status == RunStatus.Failed);
        Assert.Contains("nothing failed", context.Render<OverviewPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Detail_OfATask_HasShortDigests()
    {
        Assert.Equal("sha256:0123456789ab…", Words.Detail("sha256:" + string.Concat(Enumerable.Repeat("0123456789abcdef", 4))));
        Assert.Null(Words.Detail(null));
    }

    [Fact]
    public async Task Deployment_TaskClicked_StandsInTheAddress()
    {
        await using var context = new PageContext();
        var page = context.Render<DeploymentPage>(p => p.Add(d => d.Id, 127));
        await page.FindAll("button.task")[1].ClickAsync(new());
        Assert.Contains("task=services.web", context.Address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 left")]
    [InlineData(2, "2 left")]
    public void Receipt_OfATeardown_CountsWhatIsLeft(int left, string words)
    {
        using var context = new PageContext();
        var receipt = new Receipt([new(ReceiptAction.Removed, "volume", "data")], left);
        Assert.Contains(words, context.Render<ReleaseDashboard.Components.Runs.ReceiptPanel>(p => p.Add(r => r.Receipt, receipt)).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Banner_EngineAway_SaysHowToMendItAndThatRunsWait()
    {
        await using var context = new PageContext();
        var banners = context.Render<Banners>();
        Assert.DoesNotContain("wait and go on", banners.Markup, StringComparison.Ordinal);
        context.Observer.Engine = new(false, "", "Docker does not answer: start it with systemctl start docker.");
        context.Feed.Publish(ChangeKeys.Engine);
        banners.WaitForAssertion(() => Assert.Contains("systemctl start docker", banners.Markup, StringComparison.Ordinal));
        Assert.Contains("wait and go on by themselves", banners.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_OfEveryState_HasIconToneAndWord()
    {
        Enum[] states =
        [
            .. Enum.GetValues<RunStatus>().Cast<Enum>(), .. Enum.GetValues<EnvironmentPhase>().Cast<Enum>(), .. Enum.GetValues<HealthStatus>().Cast<Enum>(),
            .. Enum.GetValues<SyncStatus>().Cast<Enum>(), .. Enum.GetValues<InstanceStatus>().Cast<Enum>(),
        ];
        Assert.All(states, state =>
        {
            var look = Look.Of(state);
            Assert.NotEmpty(look.Icon);
            Assert.Contains(look.Tone, (string[])["good", "bad", "busy", "wait", "idle"]);
            Assert.Contains(' ', $" {look.Word}");
        });
        Assert.NotEqual(Look.Of(RunStatus.Failed).Tone, Look.Of(RunStatus.Succeeded).Tone);
    }
}
