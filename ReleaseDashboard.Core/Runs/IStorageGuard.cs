using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace ReleaseDashboard.Core.Runs;

/// <summary>Watches the disk of the data directory. While it is nearly full no run starts: better to wait than to fail half-way.</summary>
public interface IStorageGuard
{
    /// <summary>What is wrong and what to do, for a banner; null when all is well. Cheap: while all is well it is measured at most once a second. Room that was made counts at once.</summary>
    string? Problem { get; }
}

/// <summary>Free bytes of the disk a directory is on.</summary>
internal interface IFreeSpace
{
    long Bytes(string directory);
}

internal sealed class FreeSpace : IFreeSpace
{
    public long Bytes(string directory) => new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
}

internal sealed class StorageGuard(IFreeSpace space, IOptions<CoreOptions> options, TimeProvider time) : IStorageGuard
{
    /// <summary>When there was room the last time; null while there is none.</summary>
    private StrongBox<long>? _well;

    public string? Problem
    {
        get
        {
            if (_well is { } well && time.GetElapsedTime(well.Value) < TimeSpan.FromSeconds(1)) return null;
            var problem = Measure();
            _well = problem is null ? new StrongBox<long>(time.GetTimestamp()) : null;
            return problem;
        }
    }

    private string? Measure()
    {
        var settings = options.Value;
        try
        {
            var free = space.Bytes(settings.DataDirectory) / (1024 * 1024);
            return free >= settings.MinimumFreeMegabytes
                ? null
                : $"The disk of the data directory has {free} MiB left and {settings.MinimumFreeMegabytes} MiB are wanted. No new run starts until there is room: remove what is not needed, the queue then goes on by itself.";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"The disk of the data directory cannot be read ({problem.Message}). No new run starts until it can.";
        }
    }
}
