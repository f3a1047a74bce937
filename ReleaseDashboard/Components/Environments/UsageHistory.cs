using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Environments;

/// <summary>The last readings of CPU of each service while its page is open: the sparkline's memory.</summary>
public sealed class UsageHistory
{
    private const int Kept = 30;
    private readonly Dictionary<string, List<double>> _cpu = [];

    public void Add(EnvironmentView view)
    {
        foreach (var service in view.Services)
        {
            if (!_cpu.TryGetValue(service.Name, out var values)) _cpu[service.Name] = values = [];
            values.Add(service.Instances.Sum(i => i.Usage?.CpuCores ?? 0));
            if (values.Count > Kept) values.RemoveAt(0);
        }
    }

    public IReadOnlyList<double> Cpu(string service) => _cpu.TryGetValue(service, out var values) ? [.. values] : [];
}
