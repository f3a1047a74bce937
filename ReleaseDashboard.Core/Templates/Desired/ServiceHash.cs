using System.Security.Cryptography;
using System.Text.Json;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Desired;

/// <summary>Computes <see cref="DesiredService.Hash"/>: SHA-256 over canonical JSON. A change of this format replaces every running instance, so it carries a number.</summary>
internal static class ServiceHash
{
    private const int Format = 1;

    /// <param name="image">Content address of a built image, so that another build of the same content is the same; else the reference.</param>
    /// <param name="variables">Only those that count.</param>
    public static string Of(DesiredService service, string image, IEnumerable<KeyValuePair<string, string>> variables)
    {
        var canonical = new object?[]
        {
            Format, service.Name, image, service.Command, service.Args,
            variables.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new[] { v.Key, v.Value }),
            service.Ports.Select(p => new object[] { p.Public, p.Port, p.TargetPort }),
            service.Readiness is not { } probe ? null : new object?[]
            {
                probe.Exec, probe.HttpPath, probe.HttpPort, probe.TcpPort, probe.PeriodSeconds, probe.TimeoutSeconds, probe.FailureThreshold, probe.InitialDelaySeconds,
            },
            service.Mounts.OrderBy(m => m.MountPath, StringComparer.Ordinal).Select(m => new object?[] { m.Volume, m.MountPath, m.SharedMemoryBytes }),
            service.Files.OrderBy(f => f.MountPath, StringComparer.Ordinal).Select(f => new[] { f.MountPath, Convert.ToHexStringLower(SHA256.HashData(f.Content)) }),
            new object?[] { service.Resources.CpuLimit, service.Resources.CpuRequest, service.Resources.MemoryLimit, service.Resources.MemoryRequest },
            service.StopGraceSeconds,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(canonical)));
    }
}
