using Bunit;
using ReleaseDashboard.Components.Pages;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Components;

public sealed class EnvironmentPageTests
{
    [Fact]
    public async Task Status_IsOneSentence_InTheOnlyStatusElement()
    {
        await using var context = new PageContext();
        var page = Open(context, "ted1bc4");
        var status = Assert.Single(page.FindAll("[role=status]"));
        Assert.Equal("Ready · healthy · in sync", status.TextContent.Trim());
        Assert.Equal("ready", status.GetAttribute("data-phase"));
    }

    [Fact]
    public async Task Page_OfAnEnvironmentThatLives_HasTheContractsButtons()
    {
        await using var context = new PageContext();
        var page = Open(context, "ted1bc4");
        foreach (var name in new[] { "Deploy", "Run setup", "Extend", "Pause", "Cancel", "Delete environment" }) Assert.False(page.Button(name).HasAttribute("disabled"));
        Assert.Null(page.FindButton("Resume"));
    }

    [Fact]
    public async Task Page_OfAPausedEnvironment_OffersResumeInsteadOfPause()
    {
        await using var context = new PageContext();
        context.Views.Change = v => v with { Environment = v.Environment with { Phase = EnvironmentPhase.Paused } };
        var page = Open(context, "ted1bc4");
        Assert.Null(page.FindButton("Pause"));
        await page.Button("Resume").ClickAsync(new());
        Assert.Equal("resume", Assert.Single(context.Runs.Calls).Command);
    }

    [Fact]
    public async Task Status_WhileAPauseRuns_SaysSoAndNotThatSomethingIsMissing()
    {
        await using var context = new PageContext();
        context.Views.Change = v => v with
        {
            Environment = v.Environment with { Health = HealthStatus.Missing, Sync = SyncStatus.OutOfSync },
            Current = v.Current! with { Runs = [v.Current.Runs[0] with { Run = v.Current.Runs[0].Run with { Stage = Stage.Pause, Status = RunStatus.Running } }] },
        };
        var status = Open(context, "ted1bc4").Find("[role=status]");
        Assert.Equal("Pausing · instances are being stopped", status.TextContent.Trim());
        Assert.Empty(status.QuerySelectorAll(".tone-bad"));
    }

    [Fact]
    public async Task Page_OfARemovedEnvironment_OffersNothing()
    {
        await using var context = new PageContext();
        context.Views.Change = v => v with { Environment = v.Environment with { Phase = EnvironmentPhase.Removed, RemovedAt = context.Clock.GetUtcNow() }, Current = null };
        var page = Open(context, "ted1bc4");
        foreach (var name in new[] { "Deploy", "Run setup", "Extend", "Pause", "Delete environment" }) Assert.True(page.Button(name).HasAttribute("disabled"), name);
    }

    [Fact]
    public async Task Page_OfAPausedEnvironment_ShowsItsServicesAsStopped()
    {
        await using var context = new PageContext();
        context.Views.Change = v => v with
        {
            Environment = v.Environment with { Phase = EnvironmentPhase.Paused },
            Services = [.. v.Services.Select(s => s with { Health = HealthStatus.Missing, Instances = [] })],
        };
        var services = Open(context, "ted1bc4").Find(".services");
        Assert.Contains("Stopped", services.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Missing", services.TextContent, StringComparison.Ordinal);
        Assert.Empty(services.QuerySelectorAll(".tone-bad, .tone-wait"));
    }

    [Fact]
    public async Task Page_OfARemovedEnvironment_PromisesNothing()
    {
        await using var context = new PageContext();
        context.Views.Change = v => v with { Environment = v.Environment with { Phase = EnvironmentPhase.Removed, RemovedAt = context.Clock.GetUtcNow(), SetupSucceeded = false }, Urls = [], Services = [] };
        var text = Open(context, "ted1bc4").Markup;
        Assert.Contains("Removed: its URLs do not answer any more.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("once setup has run", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Setup starts the services", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunStatus.Canceled, "Pending · its first setup has not succeeded; Deploy or Run setup starts it")]
    [InlineData(RunStatus.Queued, "Pending · waits for its first setup")]
    public async Task PendingEnvironment_SaysWhetherItsSetupIsStillToCome(RunStatus status, string sentence)
    {
        await using var context = new PageContext();
        context.Views.Change = v => v with
        {
            Environment = v.Environment with { Phase = EnvironmentPhase.Pending, SetupSucceeded = false },
            Current = v.Current! with { Deployment = v.Current.Deployment with { Status = status } },
        };
        // The list of deployments is read too: one that is on its way would make the sentence wait.
        for (var i = 0; i < context.Views.Deployments.Count; i++) context.Views.Deployments[i] = context.Views.Deployments[i] with { Status = status };
        Assert.Equal(sentence, Open(context, "ted1bc4").Find("[role=status]").TextContent.Trim());
    }

    [Fact]
    public async Task PermanentEnvironment_HasNothingToExtend()
    {
        await using var context = new PageContext();
        Assert.Null(Open(context, "staging").FindButton("Extend"));
    }

    [Fact]
    public async Task SavedConfiguration_NotApplied_IsSaidAndAppliedBySetup()
    {
        await using var context = new PageContext();
        var page = Open(context, "staging");
        Assert.Contains("Configuration v2.2 is saved, v2.1 is running: run setup to apply.", page.Markup, StringComparison.Ordinal);
        await page.Button("Apply now").ClickAsync(new());
        Assert.Equal(("setup", "staging"), (context.Runs.Calls[0].Command, context.Runs.Calls[0].Subject));
    }

    [Theory]
    [InlineData(RunStatus.Queued, true)]
    [InlineData(RunStatus.Running, true)]
    [InlineData(RunStatus.Succeeded, false)]
    public async Task SavedConfiguration_WhoseSetupIsOnItsWay_HasNoButton(RunStatus status, bool applying)
    {
        await using var context = new PageContext();
        var now = context.Clock.GetUtcNow();
        var setup = context.Views.Deployments[0] with { Environment = "staging", Status = status, Stages = [new(Stage.Setup, status, 1, now, status == RunStatus.Queued ? null : now, null)] };
        context.Views.Deployments.Add(setup);
        var page = Open(context, "staging");
        Assert.Equal(applying, page.Markup.Contains("Configuration v2.2 is being applied by setup", StringComparison.Ordinal));
        Assert.Equal(!applying, page.FindButton("Apply now") is not null);
    }

    [Fact]
    public async Task SavedConfiguration_AfterTheSetupThatRunsBegan_IsStillToBeApplied()
    {
        await using var context = new PageContext();
        var began = context.Clock.GetUtcNow().AddHours(-2); // Saved an hour ago.
        context.Views.Deployments.Add(context.Views.Deployments[0] with { Environment = "staging", Stages = [new(Stage.Setup, RunStatus.Running, 1, began, began, null)] });
        Assert.NotNull(Open(context, "staging").FindButton("Apply now"));
    }

    [Fact]
    public async Task SavedConfiguration_OfAPausedEnvironment_SaysThatApplyingResumes()
    {
        await using var context = new PageContext();
        context.Views.Change = v => v with { Environment = v.Environment with { Phase = EnvironmentPhase.Paused } };
        Assert.Contains("applying it also resumes it", Open(context, "staging").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstSetup_ShowsTheCommitItBrings()
    {
        await using var context = new PageContext();
        context.Views.Change = v => v with { Environment = v.Environment with { Phase = EnvironmentPhase.SettingUp, SetupSucceeded = false, Applied = null, Commit = null, BuildId = null }, Commit = null };
        Assert.Contains("Fix cart total", Open(context, "ted1bc4").Find(".facts").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_HasItsPlaceAlsoWhenNothingRuns()
    {
        await using var context = new PageContext();
        string[] Names(string id) => [.. Open(context, id).FindAll("[aria-label=Actions] button").Select(b => b.TextContent.Trim())];
        Assert.Equal(Names("ted1bc4"), Names("tedf00d"));
        Assert.True(Open(context, "tedf00d").Button("Cancel").HasAttribute("disabled"));
        await Open(context, "ted1bc4").Button("Cancel").ClickAsync(new());
        Assert.Equal(("cancel", "128"), (context.Runs.Calls[0].Command, context.Runs.Calls[0].Subject));
    }

    [Fact]
    public async Task FailedBuild_OfADeployment_LeadsToThePageWithRebuild()
    {
        await using var context = new PageContext();
        var failed = context.Views.Deployments.FindIndex(d => d.Id == 127);
        Assert.Empty(Open(context, "tedf00d").Find(".verdict").QuerySelectorAll("a[href='/builds/12']"));
        context.Views.Deployments[failed] = context.Views.Deployments[failed] with { Failure = new("web: step RUN make failed.", "make: no rule", "Open the build and press Rebuild.", 3) };
        Assert.Single(Open(context, "tedf00d").Find(".verdict").QuerySelectorAll("a[href='/builds/12']"));
        var page = context.Render<DeploymentPage>(p => p.Add(d => d.Id, 127));
        Assert.Equal("Open build 12", page.Find(".verdict a[href='/builds/12']").TextContent);
    }

    [Fact]
    public async Task Memory_IsCountedAsTheTemplateCounts()
    {
        await using var context = new PageContext();
        Assert.Contains("of 512 MiB", Open(context, "ted1bc4").Find("[data-service=db]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppliedConfiguration_HasNoBanner()
    {
        await using var context = new PageContext();
        Assert.DoesNotContain("run setup to apply", Open(context, "ted1bc4").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailedDeployment_ShowsSentenceEvidenceAndNextAction()
    {
        await using var context = new PageContext();
        var verdict = Open(context, "tedf00d").Find(".verdict");
        Assert.Contains("web never became ready: GET /health answered 500 for 60 s.", verdict.TextContent, StringComparison.Ordinal);
        Assert.Contains("panic: database is locked", verdict.TextContent, StringComparison.Ordinal);
        Assert.Contains(verdict.QuerySelectorAll("a"), a => a.GetAttribute("href") == "/deployments/127?line=41");
    }

    [Fact]
    public async Task Change_OfTheEnvironment_IsShownWithoutReload()
    {
        await using var context = new PageContext();
        var page = Open(context, "ted1bc4");
        context.Views.Change = v => v with { Environment = v.Environment with { Phase = EnvironmentPhase.Patching } };
        context.Feed.Publish(ChangeKeys.Environment("ted1bc4"));
        page.WaitForAssertion(() => Assert.Contains("Patching", page.Find("[role=status]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnknownEnvironment_SaysSo()
    {
        await using var context = new PageContext();
        Assert.Contains("There is no environment nope.", Open(context, "nope").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_Refused_ChangesNothingAndIsAskedOnce()
    {
        await using var context = new PageContext();
        context.Runs.Refuse = new("conflict", "ted1bc4 is being torn down.");
        var page = Open(context, "ted1bc4");
        await page.Button("Run setup").ClickAsync(new());
        var call = Assert.Single(context.Runs.Calls);
        Assert.Equal("ada", call.Context.Actor.Name);
        Assert.False(page.Button("Run setup").HasAttribute("disabled"));
    }

    private static IRenderedComponent<EnvironmentPage> Open(PageContext context, string id) => context.Render<EnvironmentPage>(p => p.Add(e => e.Id, id));
}
