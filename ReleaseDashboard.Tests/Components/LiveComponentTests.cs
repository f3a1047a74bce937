using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using ReleaseDashboard.Components;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Components;

public sealed class LiveComponentTests
{
    [Fact]
    public async Task Changes_ManyAtOnce_AreReadFewTimes()
    {
        await using var context = new PageContext();
        var part = context.Render<Counter>(p => p.Add(c => c.Key, "a"));
        for (var i = 0; i < 100; i++) context.Feed.Publish("a");
        part.WaitForAssertion(() => Assert.Equal(2, part.Instance.Reads));

        // What came during the pause is one more reading, after the pause.
        context.Feed.Publish("a");
        Assert.Equal(2, part.Instance.Reads);
        await Eventually.TrueAsync(
            () =>
            {
                context.Clock.Advance(TimeSpan.FromMilliseconds(200));
                return part.Instance.Reads == 3;
            },
            "a reading after the pause");
    }

    [Fact]
    public async Task Change_OfAnotherKey_IsNotRead()
    {
        await using var context = new PageContext();
        var part = context.Render<Counter>(p => p.Add(c => c.Key, "a"));
        context.Feed.Publish("b");
        context.Feed.Publish("a");
        part.WaitForAssertion(() => Assert.Equal(2, part.Instance.Reads));
    }

    [Fact]
    public async Task Parameters_NameAnotherKey_SubscribeAnewAndReadAtOnce()
    {
        await using var context = new PageContext();
        var part = context.Render<Counter>(p => p.Add(c => c.Key, "a"));
        part.Render(p => p.Add(c => c.Key, "b"));
        Assert.Equal("b 2", part.Markup);
        Assert.Equal(1, context.Feed.Subscriptions);
    }

    [Fact]
    public async Task Reading_Fails_KeepsWhatIsShownAndTriesAgain()
    {
        await using var context = new PageContext();
        var part = context.Render<Counter>(p => p.Add(c => c.Key, "a"));
        part.Instance.Broken = true;
        context.Feed.Publish("a");
        await Eventually.TrueAsync(() => part.Instance.Failures == 1, "a reading that fails");
        Assert.Equal("a 1", part.Markup);
        part.Instance.Broken = false;
        await Eventually.TrueAsync(
            () =>
            {
                context.Clock.Advance(TimeSpan.FromSeconds(2));
                return part.Markup == "a 2";
            },
            "a reading after the failed one");
    }

    [Fact]
    public async Task Disposal_EndsTheSubscription()
    {
        await using var context = new PageContext();
        var part = context.Render<Counter>(p => p.Add(c => c.Key, "a"));
        Assert.Equal(1, context.Feed.Subscriptions);
        await context.DisposeComponentsAsync();
        Assert.Equal(0, context.Feed.Subscriptions);
        Assert.True(part.IsDisposed);
    }

    private sealed class Counter : LiveComponent
    {
        [Parameter] public string Key { get; set; } = "";
        public int Reads { get; private set; }
        public int Failures { get; private set; }
        public bool Broken { get; set; }

        protected override IReadOnlyCollection<string> Keys => [Key];

        protected override Task LoadAsync(CancellationToken cancellationToken)
        {
            if (Broken)
            {
                Failures++;
                throw new InvalidOperationException("The database is busy.");
            }

            Reads++;
            return Task.CompletedTask;
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, $"{Key} {Reads}");
    }
}
