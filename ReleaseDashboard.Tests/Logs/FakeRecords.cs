using System.Reflection;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>Records of runs and nothing else: what the log endpoints and the hub ask for. Runs 1 to 99 are there.</summary>
// The proxy is made as a subclass at run time.
#pragma warning disable CA1852
internal class FakeRecords : DispatchProxy
#pragma warning restore CA1852
{
    public RunStatus Status { get; set; } = RunStatus.Running;

    public static (IRecordStore Store, FakeRecords Fake) Make()
    {
        var store = Create<IRecordStore, FakeRecords>();
        return (store, (FakeRecords)(object)store);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name == nameof(IRecordStore.FindRunAsync)
        ? Task.FromResult((long)args![0]! is > 0 and < 100 and var id ? Run(id) : null)
        : throw new NotSupportedException($"{targetMethod?.Name} is not needed by logs.");

    public Run Run(long id) => new(
        id, Stage.Setup, "shop", "ted1bc4", 1, 1, null, null, Status, 1, "environment:ted1bc4", null, "deploy", "owner", DateTimeOffset.UnixEpoch, null, null, false, null, null, null);
}
