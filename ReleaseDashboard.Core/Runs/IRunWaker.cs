namespace ReleaseDashboard.Core.Runs;

/// <summary>Wakes the worker. An optimisation: polling is the truth.</summary>
public interface IRunWaker
{
    void Wake();
}
