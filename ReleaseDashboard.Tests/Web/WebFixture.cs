using ReleaseDashboard.Tests.Fakes;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Web;

/// <summary>One dashboard for a test class, with commands and views from memory.</summary>
public sealed class WebFixture : IAsyncDisposable
{
    public WebFixture()
    {
        Views = new FakeViews(new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero));
        Runs = new FakeRunService(Views);
        Dashboard = DashboardFactory.StartWithFakes(Views, Runs);
    }

    internal FakeViews Views { get; }

    internal FakeRunService Runs { get; }

    internal DashboardFactory Dashboard { get; }

    public ValueTask DisposeAsync() => Dashboard.DisposeAsync();
}
