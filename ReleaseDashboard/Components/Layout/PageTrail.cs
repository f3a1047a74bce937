namespace ReleaseDashboard.Components.Layout;

/// <summary>What the page on show tells the top bar: its place in the tree.</summary>
public sealed class PageTrail
{
    public IReadOnlyList<Crumb> Crumbs { get; private set; } = [];

    public event Action? Changed;

    public void Set(params IReadOnlyList<Crumb> crumbs)
    {
        if (Crumbs.SequenceEqual(crumbs)) return;
        Crumbs = crumbs;
        Changed?.Invoke();
    }
}

/// <param name="Switch">Offers what stands at the same level: <c>applications</c> or <c>environments</c>; null for a plain link.</param>
public sealed record Crumb(string Text, string Link, CrumbSwitch? Switch = null);

/// <param name="Application">Whose environments are offered; null offers the applications.</param>
public sealed record CrumbSwitch(string? Application);
