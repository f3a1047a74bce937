using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ReleaseDashboard.Auth;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Tests.Fakes;
using Xunit;

namespace ReleaseDashboard.Tests.Components;

public sealed class TokenPanelTests
{
    [Fact]
    public async Task Token_Created_IsShownOnceAndListed()
    {
        await using var context = Open(out var panel, out _, out var tokens);
        Assert.Contains("No token yet.", panel.Markup, StringComparison.Ordinal);
        Assert.Equal("", panel.Find("input").GetAttribute("value") ?? "");
        Assert.True(panel.Button("Create token").HasAttribute("disabled"));

        await panel.Find("input").InputAsync(new() { Value = "ci" });
        await panel.Find("form").SubmitAsync();
        Assert.StartsWith("rd_", panel.Find("[data-testid=token]").TextContent, StringComparison.Ordinal);
        panel.WaitForAssertion(() => Assert.Equal("ci", panel.Find("tbody strong").TextContent));
        Assert.Equal("ada", tokens.By["ci"]);
    }

    [Theory]
    [InlineData("Keep it", false)]
    [InlineData("Replace", true)]
    public async Task Token_OfAKnownName_IsReplacedOnlyWhenAsked(string answer, bool replaced)
    {
        await using var context = Open(out var panel, out var dialogs, out var tokens);
        await context.Services.GetRequiredService<ApiTokens>().CreateAsync("ci", Actor.Owner, Xunit.TestContext.Current.CancellationToken);
        var secret = tokens.Secrets["ci"];
        await panel.Find("input").InputAsync(new() { Value = "ci" });
        var submit = panel.Find("form").SubmitAsync();
        dialogs.WaitForAssertion(() => Assert.Contains("Replace token ci?", dialogs.Markup, StringComparison.Ordinal));
        await dialogs.Button(answer).ClickAsync(new());
        await submit;
        Assert.Equal(replaced, tokens.Secrets["ci"] != secret);
        Assert.Equal(replaced, panel.FindAll("[data-testid=token]").Count == 1);
    }

    [Fact]
    public async Task Token_Revoked_AsksFirstAndIsGone()
    {
        await using var context = Open(out var panel, out var dialogs, out var tokens);
        await context.Services.GetRequiredService<ApiTokens>().CreateAsync("laptop", Actor.Owner, Xunit.TestContext.Current.CancellationToken);
        panel = context.Render<TokenPanel>();
        var click = panel.Button("Revoke laptop").ClickAsync(new());
        dialogs.WaitForAssertion(() => Assert.Contains("refused from then on", dialogs.Markup, StringComparison.Ordinal));
        Assert.Single(await tokens.TokensAsync("api", Xunit.TestContext.Current.CancellationToken));
        await dialogs.Button("Revoke").ClickAsync(new());
        await click;
        Assert.Empty(await tokens.TokensAsync("api", Xunit.TestContext.Current.CancellationToken));
        Assert.Null(panel.FindButton("Revoke laptop"));
    }

    private static PageContext Open(out IRenderedComponent<TokenPanel> panel, out IRenderedComponent<MudDialogProvider> dialogs, out MemoryTokens tokens)
    {
        var context = new PageContext();
        tokens = new MemoryTokens(context.Clock);
        context.Services.AddSingleton<ITokenStore>(tokens);
        context.Services.AddSingleton<TokenUse>();
        context.Services.AddSingleton<ApiTokens>();
        dialogs = context.Render<MudDialogProvider>();
        panel = context.Render<TokenPanel>();
        return context;
    }
}
