using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Planning;

/// <summary>Says what is wrong with the instances of a service.</summary>
internal static class InstanceWords
{
    /// <summary>Null when nothing is. The most telling fact of the worst instance.</summary>
    public static string? WhatIsWrong(IReadOnlyList<ObservedInstance> instances, int replicas)
    {
        var gone = replicas - instances.Count;
        if (gone > 0) return replicas == 1 ? "its instance is gone" : $"{gone} of {replicas} instances {Are(gone)} gone";
        var exited = instances.Where(i => i.Status == InstanceStatus.Exited).ToList();
        if (exited.Count > 0) return Of(exited.Count, replicas, $"stopped{Code(exited[0])}", participle: true);
        var restarting = instances.Count(i => i.Status == InstanceStatus.Restarting);
        if (restarting > 0) return Of(restarting, replicas, "restarting over and over");
        var paused = instances.Count(i => i.Status == InstanceStatus.Paused);
        if (paused > 0) return Of(paused, replicas, "paused");
        var created = instances.Count(i => i.Status == InstanceStatus.Created);
        if (created > 0) return Of(created, replicas, "made but not started");
        var unready = instances.Count(i => !i.Ready);
        return unready > 0 ? Of(unready, replicas, "not ready") : null;
    }

    private static string Of(int count, int replicas, string what, bool participle = false) =>
        replicas <= 1
            ? $"its instance {(participle ? "has" : "is")} {what}"
            : $"{count} of {replicas} instances {(participle ? count == 1 ? "has" : "have" : Are(count))} {what}";

    private static string Are(int count) => count == 1 ? "is" : "are";

    private static string Code(ObservedInstance instance) => instance.ExitCode is { } code ? $" (exit code {code}{(code == 137 ? ": killed" : "")})" : "";
}

internal static class Words
{
    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
