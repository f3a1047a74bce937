using System.Globalization;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary>Amounts as Kubernetes writes them: <c>100m</c> and <c>24</c> cores, <c>100Mi</c> and <c>1Gi</c> bytes.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, double Factor)[] Units =
    [
        ("Ki", 1024d), ("Mi", 1024d * 1024), ("Gi", 1024d * 1024 * 1024), ("Ti", 1024d * 1024 * 1024 * 1024),
        ("k", 1e3), ("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12),
    ];

    /// <summary>Cores; null when it is not an amount.</summary>
    public static double? Cores(string text) => text.EndsWith('m') ? Plain(text[..^1]) / 1000 : Plain(text);

    /// <summary>Bytes; null when it is not an amount.</summary>
    public static long? Bytes(string text)
    {
        var unit = Units.FirstOrDefault(u => text.EndsWith(u.Suffix, StringComparison.Ordinal));
        var amount = unit.Suffix is null ? Plain(text) : Plain(text[..^unit.Suffix.Length]) * unit.Factor;
        return amount is <= long.MaxValue / 2 ? (long)Math.Ceiling(amount.Value) : null;
    }

    private static double? Plain(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
