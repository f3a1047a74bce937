using System.Text.RegularExpressions;
using ReleaseDashboard.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>What a browser alone can tell: contrast and names, width, keys, and that nothing breaks the content security policy.</summary>
[Trait("Needs", "Chromium")]
[Collection(RunsAlone.Name)]
public sealed class PagesTests(PagesFixture fixture) : IClassFixture<PagesFixture>
{
    public static TheoryData<string> Pages => new(
        "/", "/applications", "/applications/shop", "/applications/shop?tab=template", "/applications/shop?tab=history", "/applications/shop?tab=clone",
        "/builds/12", "/builds/13", "/environments/ted1bc4", "/environments/staging?tab=drift", "/environments/tedf00d?tab=configuration", "/deployments/127",
        "/queue", "/activity", "/settings", "/login", "/not-found", "/error");

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_InBothThemes_HasNoSeriousBarrierAndNoError(string path)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var (page, errors) = await fixture.OpenAsync(path, scheme);
            var result = await page.RunAxe();
            Assert.Empty(result.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{scheme} {v.Id}: {v.Help} {v.Nodes[0].Html}"));
            Assert.Empty(errors);
            await page.Context.CloseAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_OnAPhone_IsNotWiderThanTheScreen(string path)
    {
        var (page, _) = await fixture.OpenAsync(path, width: 390);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Keyboard_DThenEnter_Deploys()
    {
        var (page, _) = await fixture.OpenAsync("/environments/ted1bc4");
        var before = fixture.Runs.Calls.Count(c => c.Command == "deploy");
        await page.Keyboard.PressAsync("d");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Deploy" }).WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal(before + 1, fixture.Runs.Calls.Count(c => c.Command == "deploy"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task FirstStart_DeployTwice_CreatesAnEnvironment()
    {
        var (page, _) = await fixture.OpenAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();

        // The page behind the dialog is out of reach, so the name is unique again.
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/environments/ted1bc4$"));
        Assert.Contains(fixture.Runs.Calls, c => c is ("create-environment", "blog", _));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Search_BySlash_LeadsToAnEnvironment()
    {
        var (page, _) = await fixture.OpenAsync("/queue");
        await page.Keyboard.PressAsync("/");
        var box = page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox);
        await box.FillAsync("stag");
        await page.GetByRole(AriaRole.Link, new() { Name = "staging" }).WaitForAsync();
        await box.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/environments/staging$"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Editor_TabInYaml_IsMarkedWhileTyping()
    {
        var (page, _) = await fixture.OpenAsync("/applications/shop?tab=template");
        var area = page.GetByRole(AriaRole.Textbox, new() { Name = "Application Template" });
        await area.FillAsync("services:\n\t- name: web\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "2:1" }).WaitForAsync();
        Assert.True(await page.GetByRole(AriaRole.Button, new() { Name = "Save as new version" }).IsDisabledAsync());
        await area.FillAsync("services:\n  - name: web\n");
        await page.GetByText("Valid, not saved").WaitForAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Editor_Saved_ShowsWhatIsSavedAtOnce()
    {
        var (page, _) = await fixture.OpenAsync("/applications/shop?tab=variables");
        var area = page.GetByRole(AriaRole.Textbox, new() { Name = "Environment Variables Template" });
        await area.FillAsync("defaults: []\n# just typed\n");
        await page.GetByText("Valid, not saved").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as new version" }).ClickAsync();
        await page.GetByText("Valid, not saved").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.DoesNotContain("just typed", await area.InputValueAsync(), StringComparison.Ordinal);
        Assert.True(await page.GetByRole(AriaRole.Button, new() { Name = "Discard" }).IsDisabledAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Editor_TypedInTheInstantOfTheClick_IsSaved()
    {
        var (page, _) = await fixture.OpenAsync("/applications/shop?tab=variables");
        var area = page.GetByRole(AriaRole.Textbox, new() { Name = "Environment Variables Template" });
        await area.FillAsync("defaults: []\n# first\n");
        await page.GetByText("Valid, not saved").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as new version" }).EvaluateAsync("""
            save => {
              const area = document.querySelector('.editor textarea');
              area.value += '# last\n';
              area.dispatchEvent(new Event('input'));
              save.click();
            }
            """);
        await page.GetByText("Valid, not saved").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal("defaults: []\n# first\n# last\n", fixture.Runs.SavedText);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Editor_ReloadedWithoutSaving_PutsTheTextBackUntilItIsDiscarded()
    {
        var (page, errors) = await fixture.OpenAsync("/applications/shop?tab=template");
        var area = page.GetByRole(AriaRole.Textbox, new() { Name = "Application Template" });
        await page.WaitForFunctionAsync("document.querySelector('.editor textarea')?.value.length > 0");
        var saved = await area.InputValueAsync();
        await area.FillAsync("services:\n  - name: typed\n");
        await page.GetByText("Valid, not saved").WaitForAsync();
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.ReloadAsync();
        await Chromium.ReadyAsync(page);
        await page.GetByText("Your unsaved text was restored").WaitForAsync();
        Assert.Equal("services:\n  - name: typed\n", await area.InputValueAsync());
        await page.GetByText("Valid, not saved").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await page.GetByText("Your unsaved text was restored").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.WaitForFunctionAsync("text => document.querySelector('.editor textarea').value === text", saved);
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(sessionStorage).filter(k => k.startsWith('release.draft.')).length"));
        await page.ReloadAsync();
        await Chromium.ReadyAsync(page);
        await page.WaitForFunctionAsync("text => document.querySelector('.editor textarea')?.value === text", saved);
        Assert.Empty(errors);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Editor_DraftOverAnotherText_IsNotPutBack()
    {
        var (page, _) = await fixture.OpenAsync("/applications/shop?tab=template");
        var area = page.GetByRole(AriaRole.Textbox, new() { Name = "Application Template" });
        await page.WaitForFunctionAsync("document.querySelector('.editor textarea')?.value.length > 0");
        var saved = await area.InputValueAsync();
        await page.EvaluateAsync("sessionStorage.setItem(`release.draft.${location.pathname}:Application Template`, JSON.stringify({ base: 'of another version', text: 'old: draft' }))");
        await page.ReloadAsync();
        await Chromium.ReadyAsync(page);
        await page.WaitForFunctionAsync("document.querySelector('.editor textarea')?.value.length > 0");
        Assert.Equal(saved, await area.InputValueAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Connection_Lost_TheEngineIsNotCalledReady()
    {
        var (page, _) = await fixture.OpenAsync("/");
        var engine = page.Locator(".engine");
        Assert.Equal("Engine ready", await engine.InnerTextAsync());
        await page.EvaluateAsync("document.getElementById('components-reconnect-modal').classList.add('components-reconnect-retrying')");
        Assert.Equal("Engine not known", await engine.InnerTextAsync());
        await page.EvaluateAsync("document.getElementById('components-reconnect-modal').className = 'reconnect components-reconnect-hide'");
        Assert.Equal("Engine ready", await engine.InnerTextAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Run_LongerThanUsual_SaysSo()
    {
        var (page, _) = await fixture.OpenAsync("/environments/ted1bc4");
        await page.GetByText(", longer than usual (~20 s)").WaitForAsync(); // It began 13 s ago.
        Assert.DoesNotContain(" of ~20 s", await page.Locator(".timeline").InnerTextAsync(), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Evidence_OfAFailure_IsShownFromItsEnd()
    {
        var failed = fixture.Views.Deployments.FindIndex(d => d.Id == 127);
        var before = fixture.Views.Deployments[failed];
        fixture.Views.Deployments[failed] = before with { Failure = before.Failure! with { Evidence = string.Join('\n', Enumerable.Range(1, 60).Select(i => $"line {i}")) } };
        var (page, _) = await fixture.OpenAsync("/environments/tedf00d");
        Assert.InRange(await page.Locator(".verdict pre").EvaluateAsync<double>("box => box.scrollHeight - box.clientHeight - box.scrollTop"), -1, 1);
        fixture.Views.Deployments[failed] = before;
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Services_Expanded_FitTheirPanel(int width)
    {
        var (page, _) = await fixture.OpenAsync("/environments/ted1bc4", width: width);
        var table = page.Locator(".scroll:has(> .services)");
        var before = await table.EvaluateAsync<int>("box => box.scrollWidth");
        await page.Locator(".services summary").First.ClickAsync();
        await page.GetByText("shop-ted1bc4-web-3").WaitForAsync();
        Assert.Equal(before, await table.EvaluateAsync<int>("box => box.scrollWidth"));
        if (width > 700) Assert.Equal(before, await table.EvaluateAsync<int>("box => box.clientWidth"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Editor_LeftWithoutSaving_AsksFirst()
    {
        var (page, _) = await fixture.OpenAsync("/applications/shop?tab=variables");
        var area = page.GetByRole(AriaRole.Textbox, new() { Name = "Environment Variables Template" });
        await area.FillAsync("defaults: []\n# not saved\n");
        await page.GetByText("Valid, not saved").WaitForAsync();
        var queue = page.GetByRole(AriaRole.Link, new() { Name = "Queue" }).First;

        await queue.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        Assert.Contains("tab=variables", page.Url, StringComparison.Ordinal);
        Assert.Contains("not saved", await area.InputValueAsync(), StringComparison.Ordinal);

        await queue.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Queue", Exact = true }).WaitForAsync(); // Not WaitForURL: the page stays the same document, and Playwright can miss it after a prevented navigation.
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(sessionStorage).filter(k => k.startsWith('release.draft.')).length"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Focus_ByKeyboard_IsAlwaysSeen()
    {
        var (page, _) = await fixture.OpenAsync("/applications/shop");
        var seen = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var focus = await page.EvaluateAsync<string>("(() => { const e = document.activeElement, s = getComputedStyle(e); return `${e.tagName} ${e.className}|${s.outlineStyle} ${s.outlineWidth}`; })()");
            if (focus.StartsWith("BODY", StringComparison.Ordinal)) break;
            Assert.EndsWith("|solid 2px", focus, StringComparison.Ordinal);
            seen.Add(focus);
        }

        foreach (var kind in new[] { "rail-item", "mud-button-root", "A plain", "BUTTON", "A |" }) Assert.Contains(seen, f => f.Contains(kind, StringComparison.Ordinal));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task ConnectionBar_InTheLightTheme_IsDark()
    {
        var (page, _) = await fixture.OpenAsync("/", ColorScheme.Light);
        Assert.Equal("rgb(39, 39, 42)", await page.EvaluateAsync<string>("getComputedStyle(document.getElementById('components-reconnect-modal')).backgroundColor"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Theme_Chosen_IsRemembered()
    {
        var (page, _) = await fixture.OpenAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use the dark theme" }).ClickAsync();
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.theme === 'dark'");
        await page.ReloadAsync();
        await Chromium.ReadyAsync(page);
        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Use the light theme" }).WaitForAsync();
        await page.Context.CloseAsync();
    }
}
