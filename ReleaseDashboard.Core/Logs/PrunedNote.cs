using System.Text.Json;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>The small file that remembers what is gone of a log.</summary>
internal sealed class PrunedNote(string path)
{
    public LogPruned? Read()
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<LogPruned>(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Write(LogPruned pruned)
    {
        File.WriteAllBytes(path + LogPaths.Unfinished, JsonSerializer.SerializeToUtf8Bytes(pruned));
        File.Move(path + LogPaths.Unfinished, path, overwrite: true);
    }
}
