using Bunit;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;
using Xunit;

namespace ReleaseDashboard.Tests.Components;

public sealed class DialogTests
{
    [Fact]
    public async Task Delete_NamesWhatGoes_AndNeedsTheId()
    {
        await using var context = new PageContext();
        context.Observer.Seen["ted1bc4"] = ObservedState.Nothing("ted1bc4") with { Volumes = ["data", "uploads"] };
        var view = await ViewAsync(context);
        var dialog = await context.OpenAsync(d => d.DeleteEnvironmentAsync(view));
        Assert.Contains("5 instances of 3 services (web, worker, db)", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("2 volumes with all data (data, uploads)", dialog.Markup, StringComparison.Ordinal);
        Assert.True(dialog.Button("Delete environment").HasAttribute("disabled"));

        await dialog.Find("input").InputAsync(new() { Value = "ted1bc" });
        Assert.True(dialog.Button("Delete environment").HasAttribute("disabled"));
        await dialog.Find("form").SubmitAsync();
        Assert.Empty(context.Runs.Calls);

        await dialog.Find("input").InputAsync(new() { Value = "ted1bc4" });
        Assert.False(dialog.Button("Delete environment").HasAttribute("disabled"));
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(("delete", "ted1bc4"), (context.Runs.Calls[0].Command, context.Runs.Calls[0].Subject));
    }

    [Fact]
    public async Task Deploy_ShowsThePlanBeforeItIsCarriedOut()
    {
        await using var context = new PageContext();
        var view = await ViewAsync(context);
        var dialog = await context.OpenAsync(d => d.DeployAsync(view));
        var plan = dialog.FindAll("[aria-label=Plan] li").Select(l => l.TextContent).ToList();
        Assert.Equal(4, plan.Count);
        Assert.StartsWith("Run job migrate", plan[0].Trim(), StringComparison.Ordinal);
        Assert.StartsWith("Swap web", plan[1].Trim(), StringComparison.Ordinal);
        Assert.StartsWith("Keep db", plan[3].Trim(), StringComparison.Ordinal);
        Assert.Empty(context.Runs.Calls);
    }

    [Fact]
    public async Task Deploy_OfAChosenBuild_ShowsThePlanOfThatBuild()
    {
        await using var context = new PageContext();
        var view = await ViewAsync(context);
        var built = context.Views.Builds.First(b => b.Status == RunStatus.Succeeded);
        var dialog = await context.OpenAsync(d => d.DeployAsync(view));
        await dialog.FindAll(".choices input[type=radio]")[1].ClickAsync(new());
        Assert.Equal([null, built.Id], context.Runs.PlannedBuilds);
        Assert.Equal(4, dialog.FindAll("[aria-label=Plan] li").Count);
    }

    [Fact]
    public async Task Deploy_BeforeSetup_SaysThatSetupComesFirst()
    {
        await using var context = new PageContext();
        var view = await ViewAsync(context);
        var dialog = await context.OpenAsync(d => d.DeployAsync(view with { Environment = view.Environment with { SetupSucceeded = false } }));
        Assert.Contains("What setup will do", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_OfAPausedEnvironment_ShowsThePlanOfSetup()
    {
        await using var context = new PageContext();
        var view = await ViewAsync(context);
        var dialog = await context.OpenAsync(d => d.DeployAsync(view with { Environment = view.Environment with { Phase = EnvironmentPhase.Paused } }));
        Assert.Contains("What the setup will do", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("The environment answers when setup has succeeded.", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_WithoutVolumes_DoesNotSpeakOfLostData()
    {
        await using var context = new PageContext();
        context.Observer.Seen["ted1bc4"] = ObservedState.Nothing("ted1bc4");
        var view = await ViewAsync(context);
        var dialog = await context.OpenAsync(d => d.DeleteEnvironmentAsync(view));
        Assert.Contains("no volume", dialog.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("is lost", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteApplication_NeedsTheName_AndShowsWhyItWasRefused()
    {
        await using var context = new PageContext();
        context.Views.Environments = [];
        context.Runs.Refuse = new("environments_exist", "shop still has 2 environments. Delete them first.");
        var application = context.Views.App;
        var dialog = await context.OpenAsync(d => d.DeleteApplicationAsync(application));
        await dialog.Find("form").SubmitAsync();
        Assert.Empty(context.Runs.Calls);

        await dialog.Find("input").InputAsync(new() { Value = application.Name });
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("shop still has 2 environments. Delete them first.", dialog.Markup, StringComparison.Ordinal);

        context.Runs.Refuse = null;
        await dialog.Find("form").SubmitAsync();
        Assert.EndsWith("/applications", context.Address, StringComparison.Ordinal);
        Assert.Equal(2, context.Runs.Calls.Select(c => c.Context.IdempotencyKey).Distinct().Count());
        Assert.All(context.Runs.Calls, c => Assert.Equal(("delete-application", application.Name), (c.Command, c.Subject)));
    }

    [Fact]
    public async Task DeleteApplication_WithEnvironments_NamesThemBeforeAnythingIsTyped()
    {
        await using var context = new PageContext();
        context.Views.Environments = [context.Views.Environments[0]];
        var dialog = await context.OpenAsync(d => d.DeleteApplicationAsync(context.Views.App));
        Assert.Contains("shop still has 1 environment. Delete it first:", dialog.Markup, StringComparison.Ordinal);
        Assert.Equal("/environments/ted1bc4", dialog.Find(".mud-alert a").GetAttribute("href"));
        Assert.True(dialog.Find("input").HasAttribute("disabled"));
        Assert.True(dialog.Button("Delete application").HasAttribute("disabled"));
        await dialog.Find("form").SubmitAsync();
        Assert.Empty(context.Runs.Calls);
    }

    [Fact]
    public async Task Deploy_OffersTheNewestTwentyThatSucceeded_AndMarksTheOneThatRuns()
    {
        await using var context = new PageContext();
        var (running, built) = (context.Views.Builds[0], context.Views.Builds[1]);
        context.Views.Builds = [running, .. Enumerable.Range(0, 25).Select(i => built with { Id = 112 - i, Branch = $"branch-{i}" }), built];
        var view = await ViewAsync(context);
        var dialog = await context.OpenAsync(d => d.DeployAsync(view with { Environment = view.Environment with { BuildId = 110 } }));
        var choices = dialog.FindAll(".choices .mud-radio").Select(r => r.TextContent).ToList();
        Assert.Equal(21, choices.Count); // The newest commit is the first.
        Assert.Contains("Build 112", choices[1], StringComparison.Ordinal);
        Assert.Contains("branch-0", choices[1], StringComparison.Ordinal);
        Assert.Contains("Build 110", Assert.Single(choices, c => c.Contains("runs now", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(choices, c => c.Contains("Build 13", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NewEnvironment_OffersBranchesAndTags_AndKnowsATag()
    {
        await using var context = new PageContext();
        var dialog = await context.OpenAsync(d => d.NewEnvironmentAsync("shop", "main"));
        Assert.Equal(["main", "feature/cart", "v1.0"], dialog.FindAll("datalist option").Select(o => o.GetAttribute("value")));
        Assert.Equal(dialog.Find("datalist").Id, dialog.Find("input").GetAttribute("list"));
        Assert.Contains("all 2 branches and the tag", dialog.Markup, StringComparison.Ordinal);

        await dialog.Find("input").InputAsync(new() { Value = "CART" });
        Assert.Equal("feature/cart", Assert.Single(dialog.FindAll("datalist option")).GetAttribute("value"));
        await dialog.Find("input").InputAsync(new() { Value = "v1.0" });
        Assert.True(dialog.Find("input[type=checkbox]").HasAttribute("checked"));
        await dialog.Find("input").InputAsync(new() { Value = "not/known/here" });
        await dialog.Find("form").SubmitAsync();
        Assert.Equal("create-environment", Assert.Single(context.Runs.Calls).Command);
    }

    [Fact]
    public async Task NewEnvironment_WithoutAReadableRepository_HasNoSuggestionAndWorks()
    {
        await using var context = new PageContext();
        var dialog = await context.OpenAsync(d => d.NewEnvironmentAsync("blog", "trunk"));
        Assert.Empty(dialog.FindAll("datalist option"));
        await dialog.Find("form").SubmitAsync();
        Assert.Single(context.Runs.Calls);
    }

    [Fact]
    public async Task Deploy_Refused_StaysOpenWithTheSentence_AndKeepsItsKey()
    {
        await using var context = new PageContext();
        context.Runs.Refuse = new("conflict", "The commit does not exist any more.");
        var view = await ViewAsync(context);
        var dialog = await context.OpenAsync(d => d.DeployAsync(view));
        await dialog.Find("form").SubmitAsync();
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("The commit does not exist any more.", dialog.Markup, StringComparison.Ordinal);
        Assert.Equal(2, context.Runs.Calls.Count);
        Assert.Single(context.Runs.Calls.Select(c => c.Context.IdempotencyKey).Distinct());
    }

    [Fact]
    public async Task NewEnvironment_StartsFromTheTrackingBranch_AndGoesToItsPage()
    {
        await using var context = new PageContext();
        var dialog = await context.OpenAsync(d => d.NewEnvironmentAsync("shop", "main"));
        Assert.Equal("main", dialog.Find("input").GetAttribute("value"));
        await dialog.Find("form").SubmitAsync();
        Assert.Equal("create-environment", Assert.Single(context.Runs.Calls).Command);
        Assert.EndsWith("/environments/ted1bc4", context.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateApplication_Refused_ShowsTemplateErrorsWithTheirPlace()
    {
        await using var context = new PageContext();
        context.Runs.Refuse = new("template_invalid", "The template has 1 error.", [new(3, 5, "services[0]", "Unknown key imag.", "image")]);
        var dialog = await context.OpenAsync(d => d.CreateApplicationAsync());
        var inputs = dialog.FindAll("input[type=text]");
        await inputs[0].InputAsync(new() { Value = "shop" });
        await dialog.FindAll("input[type=text]")[1].InputAsync(new() { Value = "/srv/shop.git" });
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("Line 3, column 5: Unknown key imag.", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("Did you mean “image”?", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_SaysAProblemAndItsSuggestionOnce()
    {
        await using var context = new PageContext();
        const string Problem = "\"imge\" is not a key of a service. Did you mean \"image\"?";
        context.Runs.Refuse = new("template_invalid", $"The template has 1 problem(s). Line 3, column 5: {Problem}", [new(3, 5, "services[0]", Problem, "image")]);
        var note = context.Render<RefusalNote>(p => p.Add(n => n.Refusal, context.Runs.Refuse));
        var text = note.Find(".refusal").TextContent;
        Assert.Equal(2, text.Split("Did you mean").Length);
        Assert.Contains("The template has 1 problem(s).", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_AreCountedApart()
    {
        Assert.Equal("2 problems, 1 warning", Words.Problems([new(1, 1, "a", "x", null), new(2, 1, "b", "y", null), new(3, 1, "c", "z", null, IsWarning: true)]));
        Assert.Equal("256 MiB", Words.Bytes(256L << 20));
        Assert.Equal("1.5 GiB", Words.Bytes(3L << 29));
    }

    private static async Task<EnvironmentView> ViewAsync(PageContext context) =>
        await context.Views.EnvironmentAsync("ted1bc4", Xunit.TestContext.Current.CancellationToken) ?? throw new InvalidOperationException();
}
