using System.Text;

namespace ReleaseDashboard.Core.Logs;

/// <summary>The task names a log's records refer to, read when the first is needed.</summary>
internal sealed class TaskNames(string path)
{
    private IReadOnlyList<string>? _names;

    /// <summary>1-based; empty for 0 and for a number the file does not have.</summary>
    public string this[int number] => number > 0 && number <= Names.Count ? Names[number - 1] : "";

    private IReadOnlyList<string> Names => _names ??= Read(path);

    /// <summary>-1 when there is none of that name.</summary>
    public int Find(string task)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == Clean(task)) return i + 1;
        }
        return -1;
    }

    /// <summary>Complete names only: the last one may have been torn.</summary>
    public static IReadOnlyList<string> Read(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var names = reader.ReadToEnd().Split('\n');
        return names[..^1];
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
}
