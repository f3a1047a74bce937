using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary><c>volumes</c> and <c>configmap</c> of services and jobs, and the top-level <c>shared_volumes</c>.</summary>
internal static class MountReader
{
    private static readonly string[] Types = ["persistent", "shmem"];

    public static IReadOnlyList<VolumeTemplate> Shared(MapReader root, References references)
    {
        var names = new Names("shared volume", dns: true);
        var volumes = new List<VolumeTemplate>();
        foreach (var entry in root.Entries("shared_volumes", "- { name: data, size: 1Gi, type: persistent }"))
        {
            var name = names.Read(entry);
            var size = Size(entry, "size");
            entry.Silent("type");
            entry.Finish("a shared volume", closed: false);
            if (name is null) continue;
            references.Declare("shared volume", name);
            volumes.Add(new VolumeTemplate(name, size));
        }
        return volumes;
    }

    /// <param name="owner">Name of the service: its own volumes are named after it, so that two services may both call theirs <c>data</c>. Neither
    /// name has a dot, so <c>app</c> with <c>web-data</c> and <c>app-web</c> with <c>data</c> never share one.</param>
    public static IReadOnlyList<MountTemplate> Read(MapReader reader, string owner, References references)
    {
        var mounts = new List<MountTemplate>();
        foreach (var entry in reader.Entries("volumes", "- { type: persistent, name: data, mount_path: /data }"))
        {
            if (One(entry, owner, references) is not { } mount) continue;
            if (mounts.Any(m => m.MountPath == mount.MountPath)) entry.Bag.Error(entry.At("mount_path")!, $"Something is already mounted at {mount.MountPath}.");
            else mounts.Add(mount);
        }
        return mounts;
    }

    private static MountTemplate? One(MapReader entry, string owner, References references)
    {
        var claim = entry.Text("claim");
        var type = entry.Text("type");
        var name = entry.Text("name");
        var size = Size(entry, "size");
        if (type == "s3")
        {
            entry.Bag.Warning(entry.At("type")!, "S3 volumes are accepted, but they have no effect yet.");
            return null;
        }

        var path = Path(entry);
        entry.NotYet("read_only", "sub_path");
        entry.Finish("a volume", closed: false);
        if (claim is not null)
        {
            references.Use("shared volume", claim, entry.At("claim")!);
            return path is null ? null : new MountTemplate(claim, path, null);
        }
        if (type == "shmem") return path is null ? null : new MountTemplate(name ?? "shmem", path, size ?? 64 * 1024 * 1024);
        if (type is not null && type != "persistent")
        {
            entry.Bag.Error(entry.At("type")!, $"\"{type}\" is not a type of volume: write persistent or shmem, or name a shared volume with claim.", Nearest.To(type, Types));
            return null;
        }
        if (name is null && type is null)
        {
            entry.Bag.Error(entry.Map, "A volume needs claim (a shared volume), type: persistent with a name, or type: shmem.");
            return null;
        }
        return path is null ? null : new MountTemplate(name is null ? owner : $"{owner}.{Names.Slug(name)}", path, null);
    }

    public static IReadOnlyList<ConfigFileTemplate> Files(MapReader service)
    {
        var files = new List<ConfigFileTemplate>();
        foreach (var entry in service.Entries("configmap", "- { name: conf, repo_path: ./app.ini, mount_path: /etc/app.ini }"))
        {
            var name = entry.Text("name");
            var source = Names.RepositoryPath(entry.At("repo_path"), entry.RequiredText("repo_path", "It is the file's path in the repository."), entry.Bag);
            var path = Path(entry);
            entry.Finish("a configmap entry", closed: false);
            if (source is null || path is null) continue;
            if (files.Any(f => f.MountPath == path)) entry.Bag.Error(entry.At("mount_path")!, $"Something is already mounted at {path}.");
            else files.Add(new ConfigFileTemplate(name ?? System.IO.Path.GetFileName(source), source, path));
        }
        return files;
    }

    public static long? Storage(MapReader service)
    {
        if (service.Section("storage") is not { } storage) return null;
        var size = Size(storage, "size");
        storage.Silent("type");
        storage.Finish("storage", closed: false);
        return size;
    }

    private static string? Path(MapReader entry)
    {
        if (entry.RequiredText("mount_path", "It is the place inside the instance.") is not { } path) return null;
        if (path.StartsWith('/') && path.Length > 1 && !path.Split('/').Contains("..")) return path.TrimEnd('/');
        entry.Bag.Error(entry.At("mount_path")!, $"\"{path}\" must be an absolute path inside the instance, such as /data.");
        return null;
    }

    private static long? Size(MapReader entry, string key)
    {
        if (entry.Node(key) is not { } node || Values.Text(node, entry.Bag) is not { } text) return null;
        if (Quantity.Bytes(text) is { } bytes and > 0) return bytes;
        entry.Bag.Error(node, $"\"{text}\" is not a size such as 100Mi or 20Gi.");
        return null;
    }
}
