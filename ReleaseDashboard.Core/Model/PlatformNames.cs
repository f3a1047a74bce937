namespace ReleaseDashboard.Core.Model;

/// <summary>Names of the variables that the dashboard itself gives to instances and jobs.</summary>
public static class PlatformNames
{
    /// <summary>Ends the name of the variable that holds the digest of a built service's image.</summary>
    public const string ImageShaSuffix = "_REGISTRY_IMAGE_SHA";

    public static bool IsPlatform(string name) => name.StartsWith("RELEASE_", StringComparison.Ordinal) || name.EndsWith(ImageShaSuffix, StringComparison.Ordinal);
}
