using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Observation;

/// <summary>Compares what is seen by value; the records' own equality stops at their lists.</summary>
internal static class ObservedComparer
{
    public static bool Same(ObservedState? a, ObservedState? b)
    {
        if (a is null || b is null) return a is null == b is null;
        return a.HasSpace == b.HasSpace
            && a.Volumes.SequenceEqual(b.Volumes)
            && a.Jobs.SequenceEqual(b.Jobs)
            && a.Instances.Count == b.Instances.Count
            && a.Instances.Zip(b.Instances).All(pair => Same(pair.First, pair.Second));
    }

    private static bool Same(ObservedInstance a, ObservedInstance b) =>
        a with { Endpoints = [] } == b with { Endpoints = [] } && a.Endpoints.SequenceEqual(b.Endpoints);
}
