using System.Globalization;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary>Single values. Null means: not what was asked for, and reported.</summary>
internal static class Values
{
    private static readonly string[] True = ["true", "yes", "on"];
    private static readonly string[] False = ["false", "no", "off"];

    public static string? Text(YamlNode node, DiagnosticBag bag)
    {
        if (node is YamlScalar scalar)
        {
            if (scalar.Value.Contains('\0', StringComparison.Ordinal))
            {
                bag.Error(node, "This text holds a NUL character, which no program can be given. Remove it.");
                return null;
            }
            return scalar.IsNull ? "" : scalar.Value;
        }
        bag.Error(node, $"A single value was expected here, but this is {node.Kind}.");
        return null;
    }

    public static bool? Flag(YamlNode node, DiagnosticBag bag)
    {
        if (Text(node, bag) is not { } text) return null;
        if (True.Contains(text, StringComparer.OrdinalIgnoreCase)) return true;
        if (False.Contains(text, StringComparer.OrdinalIgnoreCase)) return false;
        bag.Error(node, $"\"{text}\" is neither true nor false.", Nearest.To(text, ["true", "false"]));
        return null;
    }

    public static int? Whole(YamlNode node, int minimum, int maximum, DiagnosticBag bag)
    {
        if (Text(node, bag) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum) return value;
        bag.Error(node, $"\"{text}\" is not a whole number from {minimum} to {maximum}.");
        return null;
    }
}
