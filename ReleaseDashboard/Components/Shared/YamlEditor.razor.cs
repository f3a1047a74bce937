using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Components.Shared;

/// <summary>
/// A text area for YAML with line numbers and marked lines (js/editor.js). The text is fetched as a stream when typing pauses,
/// because a message of the circuit may not be as large as a template.
/// </summary>
public sealed partial class YamlEditor
{
    /// <summary>Longest text that is read, in bytes.</summary>
    public const long MaximumSize = 1024 * 1024;

    private DotNetObjectReference<YamlEditor>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _editor;
    private ElementReference _area;
    private string? _shown;
    private bool _over; // What was typed is saved or given up: a pause that is still on its way says nothing any more.

    /// <summary>A new value replaces what was typed.</summary>
    [Parameter, EditorRequired] public required string Text { get; set; }
    [Parameter, EditorRequired] public required string Label { get; set; }
    [Parameter] public IReadOnlyList<TemplateDiagnostic> Problems { get; set; } = [];
    [Parameter] public EventCallback<string> OnTyped { get; set; }
    /// <summary>Text that was typed before the page was loaded anew, over this very text, was put back; <see cref="OnTyped"/> follows.</summary>
    [Parameter] public EventCallback OnRestored { get; set; }
    [Inject] public required IJSRuntime Js { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/editor.js");
            _editor = await _module.InvokeAsync<IJSObjectReference>("attach", _area, _self, Label);
        }

        if (_editor is null) return;
        var restored = _shown != Text && await _editor.InvokeAsync<bool>("set", _shown = Text);
        await _editor.InvokeVoidAsync("mark", (object)Problems.Select(p => new { line = p.Line, message = p.Message }).ToArray());
        if (!restored) return;
        await OnRestored.InvokeAsync();
        await TypedAsync();
    }

    /// <summary>Typing paused.</summary>
    [JSInvokable]
    public async Task TypedAsync()
    {
        if (await ReadAsync() is { } text && !_over) await OnTyped.InvokeAsync(text);
    }

    /// <summary>What stands in the field now, also what was typed since the last pause. Null before the field is ready.</summary>
    public async Task<string?> ReadAsync()
    {
        if (_editor is null) return null;
        await using var reference = await _editor.InvokeAsync<IJSStreamReference>("text");
        await using var stream = await reference.OpenReadStreamAsync(MaximumSize);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>What was typed was saved or given up: it is not put back any more.</summary>
    public async Task ForgetAsync()
    {
        _over = true;
        if (_editor is not null) await _editor.InvokeVoidAsync("forget");
    }

    private async Task JumpAsync(TemplateDiagnostic problem)
    {
        if (_editor is not null) await _editor.InvokeVoidAsync("jump", problem.Line, problem.Column);
    }

    public async ValueTask DisposeAsync()
    {
        _over = true;
        _self?.Dispose();
        try
        {
            if (_editor is not null)
            {
                await _editor.InvokeVoidAsync("leave");
                await _editor.DisposeAsync();
            }

            if (_module is not null) await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone.
        }
    }
}
