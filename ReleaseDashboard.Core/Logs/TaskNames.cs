using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ReleaseDashboard.Core.Logs;

/// <summary>The task names a log's records refer to, read when the first is needed.</summary>
internal sealed class TaskNames : IDisposable
{
    private readonly string _path;
    private SafeFileHandle? _file;
    private volatile IReadOnlyList<string>? _names;

    private TaskNames(string path, SafeFileHandle? file) => (_path, _file) = (path, file);

    public IReadOnlyList<string> All => _names ??= _file is null ? Read(_path) : Read(_file);

    /// <summary>Holds the file open, so that the names can be read as long as the lines can; a log whose first task has yet to come has none.</summary>
    public static TaskNames Open(string path) => new(path, TryOpen(path));

    /// <summary>Empty for 0 and for a number that has no name.</summary>
    public static string Of(IReadOnlyList<string> names, int number) => number > 0 && number <= names.Count ? names[number - 1] : "";

    /// <summary>1-based; -1 when there is none of that name.</summary>
    public static int Find(IReadOnlyList<string> names, string task)
    {
        var clean = Clean(task);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == clean) return i + 1;
        }
        return -1;
    }

    /// <summary>Complete names only: the last one may have been torn.</summary>
    public static IReadOnlyList<string> Read(string path)
    {
        using var file = TryOpen(path);
        return file is null ? [] : Read(file);
    }

    /// <summary>Writes one name behind those that are complete, over what a torn write may have left there.</summary>
    public static void Append(string path, IReadOnlyList<string> names, string name)
    {
        long end = names.Sum(n => Encoding.UTF8.GetByteCount(n) + 1);
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(file) > end) RandomAccess.SetLength(file, end);
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(name + '\n'), end);
    }

    public static string Clean(string task) => task.ReplaceLineEndings(" ");

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private static string[] Read(SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        var read = RandomAccess.Read(file, bytes, 0);
        return Encoding.UTF8.GetString(bytes, 0, read).Split('\n')[..^1];
    }

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
