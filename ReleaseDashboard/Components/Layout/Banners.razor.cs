using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Observation;

namespace ReleaseDashboard.Components.Layout;

/// <summary>What everybody has to know before anything else on the page.</summary>
public sealed partial class Banners
{
    private EngineStatus _status = new(true, "", null);
    private long? _freeMegabytes;

    [Inject] public required IEnvironmentObserver Observer { get; init; }
    [Inject] public required IOptions<CoreOptions> Options { get; init; }

    protected override IReadOnlyCollection<string> Keys { get; } = [ChangeKeys.Engine];

    protected override TimeSpan? Every => TimeSpan.FromSeconds(15);

    protected override Task LoadAsync(CancellationToken cancellationToken)
    {
        _status = Observer.Engine;
        _freeMegabytes = FreeMegabytes(Options.Value.DataDirectory);
        return Task.CompletedTask;
    }

    private static long? FreeMegabytes(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace / (1024 * 1024);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // Not knowing is no reason for a banner.
        }
    }
}
