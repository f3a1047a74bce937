namespace ReleaseDashboard.Core.Live;

/// <summary>Says which key changed, never what. Losing a message costs nothing but a moment: readers read the small record again.</summary>
public interface IChangeFeed
{
    /// <summary>Cheap; never blocks and never throws.</summary>
    void Publish(string key);

    /// <summary>Calls <paramref name="changed"/> with the key for every change to one of <paramref name="keys"/>; <c>*</c> is every key. The callback must return at once.</summary>
    IDisposable Subscribe(IReadOnlyCollection<string> keys, Action<string> changed);
}

/// <summary>The keys.</summary>
public static class ChangeKeys
{
    public const string Queue = "queue";
    public const string Applications = "applications";
    public const string Environments = "environments";
    public const string Engine = "engine";
    public const string Activity = "activity";

    public static string Application(string name) => $"application:{name}";
    public static string Environment(string id) => $"environment:{id}";
    public static string Deployment(long id) => $"deployment:{id}";
    public static string Build(long id) => $"build:{id}";
    public static string Run(long id) => $"run:{id}";
}
