using Xunit;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>
/// Tests that hold a page to "no error at all" run after the others: whenever Docker makes or removes a network, Chromium ends the requests under way with
/// ERR_NETWORK_CHANGED, and that is no error of the page.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Browser alone";
}
