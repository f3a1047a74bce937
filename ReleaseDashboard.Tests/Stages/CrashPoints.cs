namespace ReleaseDashboard.Tests.Stages;

/// <summary>Every place at which a process may die; the n-th one does, once, and from then on nothing works until the process is started again.</summary>
internal sealed class CrashPoints
{
    private readonly Lock _lock = new();
    private int _passed;
    private int _at = int.MaxValue;
    private bool _dead;

    public string? Where { get; private set; }

    public void Arm(int at)
    {
        lock (_lock) (_passed, _at, _dead, Where) = (0, at, false, null);
    }

    public void Restart()
    {
        lock (_lock) (_at, _dead) = (int.MaxValue, false);
    }

    public void Pass(string where)
    {
        lock (_lock)
        {
            if (!_dead && ++_passed == _at) (_dead, Where) = (true, where);
            if (_dead) throw new CrashException();
        }
    }
}

internal sealed class CrashException() : Exception("The process died here.");
