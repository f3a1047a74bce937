namespace ReleaseDashboard.Core.Store;

/// <summary>
/// Proof that no other process works with this data directory: an open file nobody else can open. The system closes it with the process, however the
/// process ends, so holding it means that every lease in the database belongs to the dead.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Waits a moment for a process that is just ending.</summary>
    /// <exception cref="InvalidOperationException">Another dashboard is using the directory.</exception>
    public static async Task<DataDirectoryLock> TakeAsync(string directory, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, "release.lock");
        var giveUp = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException problem) when (problem is not FileNotFoundException and not DirectoryNotFoundException)
            {
                if (time.GetElapsedTime(giveUp) > TimeSpan.FromSeconds(10))
                {
                    throw new InvalidOperationException(
                        $"Another ReleaseDashboard is using the data directory {Path.GetFullPath(directory)}. Stop it first, or give this one its own with Release__DataDirectory.", problem);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
