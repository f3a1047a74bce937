using System.Security.Cryptography;

namespace ReleaseDashboard.Core.Secrets;

/// <summary>The key of the vault: made once, readable by its owner only, and never replaced, since everything sealed with it would be lost.</summary>
internal static class SecretKeyFile
{
    public static byte[] ReadOrCreate(string path, int bytes)
    {
        if (!File.Exists(path)) Create(path, bytes);
        var key = Convert.FromBase64String(File.ReadAllText(path));
        return key.Length == bytes ? key : throw new CryptographicException($"{path} does not hold a key of {bytes} bytes. Restore it from a backup.");
    }

    /// <summary>Written beside and moved into place, so that nobody ever reads half a key; of two processes the first one wins.</summary>
    private static void Create(string path, int bytes)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var fresh = Path.Combine(folder, $".{Path.GetRandomFileName()}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(fresh, options))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes))));
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its key is the key.
        }
        finally
        {
            File.Delete(fresh);
        }
    }
}
