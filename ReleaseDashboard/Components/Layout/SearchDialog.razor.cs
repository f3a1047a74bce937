using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Layout;

/// <summary>Search over everything with a name, the pages, and the command "deploy …".</summary>
public sealed partial class SearchDialog
{
    private static readonly SearchHit[] Places =
    [
        new("page", "Overview", "", "/"), new("page", "Applications", "", "/applications"), new("page", "Queue", "", "/queue"),
        new("page", "Activity", "", "/activity"), new("page", "Settings", "", "/settings"),
    ];

    private SearchHit[] _hits = Places;
    private string _text = "";
    private int _selected;

    [CascadingParameter] private IMudDialogInstance? Window { get; set; }
    [Inject] public required IDashboardViews Views { get; init; }

    private async Task SearchAsync(string? text)
    {
        _text = text?.Trim() ?? "";
        _selected = 0;
        var deploy = _text.StartsWith("deploy", StringComparison.OrdinalIgnoreCase);
        var words = deploy ? _text["deploy".Length..].Trim() : _text;
        var found = words.Length == 0 ? [] : await Views.SearchAsync(words, CancellationToken.None);
        _hits = deploy
            ? [.. found.Where(h => h.Link.StartsWith("/environments/", StringComparison.Ordinal)).Select(h => new SearchHit("deploy", h.Title, h.Subtitle, h.Link + "?do=deploy"))]
            : [.. found, .. Places.Where(p => p.Title.Contains(words, StringComparison.OrdinalIgnoreCase))];
    }

    // Enter follows the chosen link in the browser: js/shell.js.
    private void OnKey(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown": _selected = Math.Min(_selected + 1, _hits.Length - 1); break;
            case "ArrowUp": _selected = Math.Max(_selected - 1, 0); break;
            default: break;
        }
    }
}
