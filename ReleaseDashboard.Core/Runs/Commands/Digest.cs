using System.Security.Cryptography;
using System.Text;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>Long or secret arguments are remembered by their digest, not by their text.</summary>
internal static class Digest
{
    public static string Of(params string?[] texts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', texts.Select(t => t is null ? "-" : "+" + t)))));
}
