(** * Bounds, violations, and assemblages without a quantum realisation

    The objects are those of the proof format, entry by entry; [bound_sound], [violation_sound] and [postquantum_sound]
    are what a generated file applies to its data, with the certificates that the checks compute with. *)

From Coq Require Import ZArith List Bool Ring Field Lia.
From Steeralg Require Import Numbers NumberField Positive Words WordValues.
Import ListNotations.

(** ** Objects *)

(** key [a1; a2] [x1; x2] v: the element (a1,a2|x1,x2) of view v (the setting of a trusted party with input; one of
    several trusted parties, from 0; else 0). *)
Record Key := key { outs : list nat; settings : list nat; view : nat }.
(** A functional or an assemblage; of a functional missing keys are zero. *)
Definition Family := list (Key * Matrix).
(** NUMBER: numerator / denominator. *)
Record Number := number { numerator : poly; over : positive }.
Definition nval {K : OrderedField} (theta : K) (b : Number) : K :=
  div (pval K theta (numerator b)) (ofZ (Zpos (over b))).

Definition key_eqb (a b : Key) : bool :=
  list_eqb Nat.eqb (outs a) (outs b) && list_eqb Nat.eqb (settings a) (settings b) && (view a =? view b)%nat.
Fixpoint find_key (f : Family) (a : Key) : option Matrix :=
  match f with [] => None | (b, m) :: r => if key_eqb a b then Some m else find_key r a end.
Definition element_of (f : Family) (a : Key) : Matrix :=
  match find_key f a with Some m => m | None => matrix 1 [] [] end.

Definition view_dim (S : Scenario) (v : nat) : nat :=
  if (1 <? inputs S)%nat then nth 0 (trusted S) 1%nat else nth v (trusted S) 1%nat.
(** The units (row, column, y) whose sum is e^v_ij, or 1 (x) e_ij (x) 1 for party v of several. *)
Definition local_units (S : Scenario) (v i j : nat) : list (nat * nat * nat) :=
  if (1 <? inputs S)%nat then [(i, j, v)]
  else
    let d := nth v (trusted S) 1%nat in
    let before := fold_right Nat.mul 1%nat (firstn v (trusted S)) in
    let after := fold_right Nat.mul 1%nat (skipn (Datatypes.S v) (trusted S)) in
    flat_map (fun a => map (fun b => (((a * d + i) * after + b), ((a * d + j) * after + b), 0)%nat) (seq 0 after))
      (seq 0 before).

(** Keys of the scenario: an outcome of a setting of each box, from number k on; and one of the views. *)
Fixpoint outcomes_ok (S : Scenario) (k : nat) (a x : list nat) : bool :=
  match a, x with
  | [], [] => (k =? boxes S)%nat
  | a1 :: a', x1 :: x' => (a1 <? outcome_count S k x1)%nat && outcomes_ok S (Datatypes.S k) a' x'
  | _, _ => false
  end.
Definition in_scenario (S : Scenario) (a : Key) : bool :=
  outcomes_ok S 0 (outs a) (settings a) && (view a <? views S)%nat.
(** A matrix of order n: its rows have the lengths 1, ..., n, and those of im 0, ..., n - 1 (or there are none). *)
Definition shaped (n : nat) (m : Matrix) : bool :=
  let lengths rows := map (@length poly) rows in
  list_eqb Nat.eqb (lengths (re_rows m)) (seq 1 n)
  && match im_rows m with [] => true | rows => list_eqb Nat.eqb (lengths rows) (seq 0 n) end.

Section Meaning.
Context {K : OrderedField} {A : StarAlgebra K}.
Variables (theta : K) (S : Scenario) (R : Realisation S A).
Local Open Scope A_scope.

(** E[a1|x1] E[a2|x2] ... , of the boxes from number k on. *)
Fixpoint projectors (k : nat) (a x : list nat) : A :=
  match a, x with a1 :: a', x1 :: x' => proj R k x1 a1 * projectors (Datatypes.S k) a' x' | _, _ => 1 end.
Definition local_unit (v i j : nat) : A :=
  asum (map (fun u => unit R (snd u) (fst (fst u)) (snd (fst u))) (local_units S v i j)).
(** E[a|x] e_ij *)
Definition measured (a : Key) (i j : nat) : A := projectors 0 (outs a) (settings a) * local_unit (view a) i j.
(** The observed element of a functional: the sum of F_ij E[a|x] e_ij. *)
Definition observed (F : Family) : A :=
  asum (map (fun t => asum (map (fun i => asum (map (fun j => scalar (mval theta (snd t) i j) * measured (fst t) i j)
    (seq 0 (view_dim S (view (fst t)))))) (seq 0 (view_dim S (view (fst t)))))) F).
(** The functional is the data of sigma: the expectation of E[a|x] e_ij is sigma[a|x]_ji. *)
Definition reproduces (f : PositiveFunctional A) (sigma : Family) : Prop :=
  forall a m, in_scenario S a = true -> find_key sigma a = Some m ->
    forall i j, (i < view_dim S (view a))%nat -> (j < view_dim S (view a))%nat ->
    f (measured a i j) = mval theta m j i.
End Meaning.

(** A quantum realisation of sigma: an algebra, a realisation of the scenario in it, and a state with these data. *)
Definition quantum {K : OrderedField} (theta : K) (S : Scenario) (sigma : Family) : Prop :=
  exists (A : StarAlgebra K) (R : Realisation S A) (f : PositiveFunctional A),
    f aone = c1 /\ reproduces theta S R f sigma.

(** <F, sigma> = sum of tr(F sigma); over the keys of F. *)
Fixpoint value {K : OrderedField} (theta : K) (S : Scenario) (F sigma : Family) : Cx K :=
  match F with
  | [] => c0
  | (a, m) :: r =>
      let d := view_dim S (view a) in
      cadd (csum d (fun i => csum d (fun j => cmul (mval theta m i j) (mval theta (element_of sigma a) j i))))
        (value theta S r sigma)
  end.

(** ** Checks *)

Record Block := block { words : list word; gram : Matrix; positivity : Factor }.
(** A sum of squares; [common] is a common multiple of all denominators. *)
Record Certificate := certificate { common : positive; blocks : list Block }.

Definition divides (d c : positive) : bool := (Zpos d * (Zpos c / Zpos d) =? Zpos c)%Z.
(** Entries are coefficients of 1, theta, ..., up to the degree. *)
Definition short (k : Field) (m : Matrix) : bool :=
  forallb (forallb (fun p => (length p <=? degree k)%nat)) (re_rows m ++ im_rows m).
Fixpoint distinct (keys : list Key) : bool :=
  match keys with [] => true | a :: r => negb (existsb (key_eqb a) r) && distinct r end.
(** Data as the proof format has them: some keys of the scenario, each once, with matrices of the order of the view. *)
Definition family_ok (k : Field) (S : Scenario) (F : Family) : bool :=
  scenario_ok S && distinct (map fst F)
  && forallb (fun t => in_scenario S (fst t) && shaped (view_dim S (view (fst t))) (snd t) && short k (snd t)) F.
Definition unit_ok (S : Scenario) (u : nat * nat * nat) : bool :=
  (snd u <? inputs S)%nat && (fst (fst u) <? dim S)%nat && (snd (fst u) <? dim S)%nat.
Definition key_ok (S : Scenario) (a : Key) : bool :=
  let d := view_dim S (view a) in
  in_scenario S a
  && below_n d (fun i => below_n d (fun j => forallb (unit_ok S) (local_units S (view a) i j))).

Fixpoint key_word (a x : list nat) (u : nat * nat * nat) : word :=
  match a, x with
  | a1 :: a', x1 :: x' => [E a1 x1] :: key_word a' x' u
  | _, _ => [[U (fst (fst u)) (snd (fst u)) (snd u)]]
  end.
(** c times the observed element; the bound; minus c times sum Z_vw v* w. *)
Definition functional_terms (S : Scenario) (c : positive) (F : Family) : polynomial :=
  flat_map (fun t => let d := view_dim S (view (fst t)) in
    flat_map (fun i => flat_map (fun j => map (fun u =>
      (gscale (Zpos c / Zpos (den (snd t))) (entry (snd t) i j), key_word (outs (fst t)) (settings (fst t)) u))
        (local_units S (view (fst t)) i j)) (seq 0 d)) (seq 0 d)) F.
Definition bound_terms (S : Scenario) (c : positive) (b : Number) : polynomial :=
  [(gscale (- (Zpos c / Zpos (over b))) (numerator b, []), repeat [] (Datatypes.S (boxes S)))].
(** The rows of a Gram matrix: words, times e_0i without input. *)
Definition rows (S : Scenario) (ws : list word) : list word :=
  if (1 <? inputs S)%nat then ws else flat_map (fun w => map (fun i => w ++ [[U 0 i 0]]) (seq 0 (dim S))) ws.
Definition gram_terms (c : Z) (m : Matrix) (xs : list word) : polynomial :=
  let n := length xs in
  flat_map (fun s => let v := adjoint (nth s xs []) in
    map (fun t => (gscale (- c) (entry m s t), times_word v (nth t xs []))) (seq 0 n)) (seq 0 n).

Definition bound_check (k : Field) (e : Enclosure) (S : Scenario) (F : Family) (b : Number) (p : Certificate) : bool :=
  let c := common p in
  enclosure_ok k e && family_ok k S F
  && forallb (fun t => key_ok S (fst t) && divides (den (snd t)) c) F && divides (over b) c
  && forallb (fun q => divides (den (gram q)) c
       && psd_check k e (length (rows S (words q))) (gram q) (positivity q)) (blocks p)
  && is_zero S (functional_terms S c F ++ bound_terms S c b
       ++ flat_map (fun q => gram_terms (Zpos c / Zpos (den (gram q))) (gram q) (rows S (words q))) (blocks p)).

Fixpoint value_times (S : Scenario) (c : positive) (F sigma : Family) : gauss :=
  match F with
  | [] => g0
  | (a, m) :: r =>
      let s := element_of sigma a in
      let l := seq 0 (view_dim S (view a)) in
      gadd (gscale (Zpos c / Zpos (den m * den s)) (fold_right gadd g0
             (flat_map (fun i => map (fun j => gmul (entry m i j) (entry s j i)) l) l)))
        (value_times S c r sigma)
  end.
Definition violation_check (k : Field) (e : Enclosure) (S : Scenario) (F sigma : Family) (b : Number) (c : positive) :
  bool :=
  enclosure_ok k e && (family_ok k S F && family_ok k S sigma) && divides (over b) c
  && forallb (fun t => match find_key sigma (fst t) with Some m => divides (den (snd t) * den m) c | None => false
    end) F
  && is_positive e (reduce k (padd (pscale (Zpos c / Zpos (over b)) (numerator b))
       (pscale (-1) (fst (value_times S c F sigma))))).

(** ** Soundness *)

Section Soundness.
Context {K : OrderedField}.
Add Field K_field8 : (field_laws K).
Add Ring C_ring5 : (@C_ring K).
Variables (k : Field) (e : Enclosure) (theta : K).
Hypothesis root : is_root theta k.

Lemma divides_sound d c : divides d c = true ->
  (ofZ (Zpos c / Zpos d) : K) = mul (ofZ (Zpos c)) (inv (ofZ (Zpos d))).
Proof.
  unfold divides. rewrite Z.eqb_eq. intro H. rewrite <- H at 2. rewrite ofZ_mul. field. apply ofZ_neq_0. lia.
Qed.

Lemma scaled_entry m c i j : divides (den m) c = true ->
  gval K theta (gscale (Zpos c / Zpos (den m)) (entry m i j)) = cmul (real (ofZ (Zpos c))) (mval theta m i j).
Proof.
  intro H. rewrite gval_scale, (divides_sound _ _ H), real_mul. unfold mval. ring.
Qed.

Section InAlgebra.
Context {A : StarAlgebra K}.
Variables (S : Scenario) (R : Realisation S A) (f : PositiveFunctional A).
Local Open Scope A_scope.

Lemma expectation_zero : f 0 = c0.
Proof. rewrite <- (mul_zero_l 0), <- scalar_zero, expectation_scalar. ring. Qed.
Lemma expectation_sum {T} (g : T -> A) n : forall l, length l = n ->
  f (asum (map g l)) = fold_right cadd c0 (map (fun t => f (g t)) l).
Proof.
  intros l _. induction l as [|t l IH]; cbn [map asum fold_right]; [apply expectation_zero|].
  rewrite expectation_add, IH. reflexivity.
Qed.
Lemma fold_seq (g : nat -> Cx K) n : fold_right cadd c0 (map g (seq 0 n)) = csum n g.
Proof.
  induction n as [|n IH]; [reflexivity|]. rewrite seq_S, map_app. cbn [plus map csum]. rewrite <- IH.
  generalize (map g (seq 0 n)). intro l. induction l as [|z l IHl]; cbn [fold_right app]; [ring|]. rewrite IHl. ring.
Qed.
Lemma expectation_seq (g : nat -> A) n : f (asum (map g (seq 0 n))) = csum n (fun s => f (g s)).
Proof. rewrite (expectation_sum g n) by apply seq_length. apply fold_seq. Qed.

(** *** The functional *)

Lemma key_word_val (u : nat * nat * nat) : unit_ok S u = true -> forall a x n, outcomes_ok S n a x = true ->
  word_val S R n (key_word a x u) = projectors S R n a x * unit R (snd u) (fst (fst u)) (snd (fst u)).
Proof.
  intro Hu. induction a as [|a1 a IH]; intros [|x1 x] n; cbn [outcomes_ok]; try discriminate.
  - intro B. cbn [key_word word_val string_val projectors letter_val]. rewrite B. unfold unit_ok in Hu.
    rewrite !andb_true_iff in Hu. destruct Hu as [[-> ->] ->]. cbn [andb]. rewrite !amul_one_r, amul_one_l. reflexivity.
  - rewrite andb_true_iff. intros [L H]. cbn [key_word word_val string_val projectors letter_val].
    rewrite L, (IH _ _ H), amul_one_r. apply amul_assoc.
Qed.

Lemma functional_val c F :
  forallb (fun t => key_ok S (fst t) && divides (den (snd t)) c) F = true ->
  polynomial_val theta S R (functional_terms S c F) = scalar (real (ofZ (Zpos c))) * observed theta S R F.
Proof.
  rewrite forallb_forall. intro H. unfold polynomial_val, functional_terms, observed.
  rewrite asum_flat_map, <- asum_mul_l. apply asum_ext. intros [a m] Hin. specialize (H _ Hin).
  cbn [fst snd] in *. rewrite andb_true_iff in H. destruct H as [Hk Hd].
  unfold key_ok, in_scenario in Hk. rewrite !andb_true_iff, below_n_spec in Hk. destruct Hk as [[Ho _] Hu].
  rewrite asum_flat_map, <- asum_mul_l. apply asum_ext. intros i Hi. apply in_seq in Hi.
  rewrite asum_flat_map, <- asum_mul_l. apply asum_ext. intros j Hj. apply in_seq in Hj.
  assert (U : forallb (unit_ok S) (local_units S (view a) i j) = true).
  { specialize (Hu i). rewrite below_n_spec in Hu. apply Hu; lia. }
  rewrite forallb_forall in U. rewrite map_map. cbn [fst snd].
  rewrite (asum_ext _ (fun u => (scalar (real (ofZ (Zpos c))) * scalar (mval theta m i j)) *
    (projectors S R 0 (outs a) (settings a) * unit R (snd u) (fst (fst u)) (snd (fst u))))).
  - rewrite !asum_mul_l, <- amul_assoc. reflexivity.
  - intros u Iu. rewrite (key_word_val u (U u Iu) _ _ _ Ho), scaled_entry, scalar_mul by exact Hd. reflexivity.
Qed.

Lemma bound_val c b : divides (over b) c = true ->
  re (f (polynomial_val theta S R (bound_terms S c b))) = opp (mul (ofZ (Zpos c)) (mul (nval theta b) (re (f 1)))).
Proof.
  intro H. unfold polynomial_val, bound_terms. cbn [map asum fst snd].
  assert (W : forall n k', word_val S R k' (repeat [] n) = 1).
  { induction n as [|n IH]; intro k'; [reflexivity|]. cbn [repeat word_val string_val]. rewrite IH. apply amul_one_l. }
  rewrite W, add_zero_r, expectation_scalar, gval_scale, gval_real, ofZ_opp, (divides_sound _ _ H).
  unfold nval, cmul, real, re, im. cbn [fst snd]. field. apply ofZ_neq_0. lia.
Qed.

(** *** The sum of squares *)

Section Gram.
Variable xs : list word.
Let n := length xs.
Let x (s : nat) : A := word_val S R 0 (nth s xs []).
Definition moments (s t : nat) : Cx K := f ((x s)^* * x t).

Lemma expectation_square (v : nat -> Cx K) :
  f ((asum (map (fun s => scalar (v s) * x s) (seq 0 n)))^* * asum (map (fun s => scalar (v s) * x s) (seq 0 n)))
  = csum n (fun s => csum n (fun t => cmul (cmul (conj (v s)) (v t)) (moments s t))).
Proof.
  set (y := asum (map (fun s => scalar (v s) * x s) (seq 0 n))) at 2.
  assert (St : forall l, (asum (map (fun s => scalar (v s) * x s) l))^* = asum (map (fun s => (scalar (v s) * x s)^*)
    l)).
  { induction l as [|s l IH]; cbn [map asum]; [apply star_zero|]. rewrite astar_add, IH. reflexivity. }
  rewrite St, <- asum_mul_r, expectation_seq. apply csum_ext. intros s _. unfold y.
  rewrite <- asum_mul_l, expectation_seq. apply csum_ext. intros t _. unfold moments.
  rewrite astar_mul, scalar_star, <- scalar_central, scalar_move.
  rewrite expectation_scalar, <- amul_assoc, expectation_scalar. ring.
Qed.

Lemma moments_psd : psd n moments.
Proof. intro v. rewrite <- expectation_square. apply expectation_positive. Qed.

Lemma gram_val c m : f (polynomial_val theta S R (gram_terms c m xs)) =
  cmul (real (opp (ofZ c))) (csum n (fun s => csum n (fun t => cmul (gval K theta (entry m s t)) (moments s t)))).
Proof.
  unfold polynomial_val, gram_terms. fold n. rewrite asum_flat_map, expectation_seq, <- csum_mul. apply csum_ext.
  intros s _.
  rewrite map_map. cbn [fst snd]. rewrite expectation_seq, <- csum_mul. apply csum_ext. intros t _.
  rewrite expectation_scalar, word_times, <- word_star, gval_scale, ofZ_opp. unfold moments. fold (x s) (x t). ring.
Qed.
End Gram.

Lemma gram_nonpositive c q :
  enclosure_ok k e = true -> divides (den (gram q)) c = true ->
  psd_check k e (length (rows S (words q))) (gram q) (positivity q) = true ->
  le zero (opp (re (f (polynomial_val theta S R
    (gram_terms (Zpos c / Zpos (den (gram q))) (gram q) (rows S (words q))))))).
Proof.
  intros He Hd Hp. rewrite gram_val, re_real_mul.
  pose proof (psd_check_sound K theta _ _ (moments_psd (rows S (words q))) k e _ _ root He Hp) as P.
  unfold pairing in P. set (z := csum _ _) in *.
  apply (le_0_eq K (mul (ofZ (Zpos c / Zpos (den (gram q)))) (re z))); [|ring].
  apply le_mul; [|exact P]. rewrite <- ofZ_0. apply le_ofZ. apply Z.div_pos; lia.
Qed.

Theorem bound_sound F b p : bound_check k e S F b p = true ->
  le (mul (nval theta b) (re (f 1))) (re (f (observed theta S R F))).
Proof.
  unfold bound_check. rewrite !andb_true_iff. intros [[[[[He _] HF] Hb] HB] Hz].
  apply (is_zero_sound theta S R) in Hz. rewrite !polynomial_app in Hz.
  assert (G : le zero (opp (re (f (polynomial_val theta S R (flat_map (fun q =>
    gram_terms (Zpos (common p) / Zpos (den (gram q))) (gram q) (rows S (words q))) (blocks p))))))).
  { rewrite forallb_forall in HB. revert HB. generalize (blocks p). intro l. induction l as [|q l IH]; intro HB.
    - cbn [flat_map]. unfold polynomial_val. cbn [map asum]. rewrite expectation_zero. cbn [re c0 fst].
      apply (le_0_eq K zero); [apply le_refl|ring].
    - cbn [flat_map]. rewrite polynomial_app, expectation_add, re_add.
      assert (Hq : In q (q :: l)) by (left; reflexivity). apply HB in Hq. rewrite andb_true_iff in Hq.
      destruct Hq as [Hd Hp].
      pose proof (gram_nonpositive (common p) q He Hd Hp) as P.
      assert (IH' := IH (fun q' Hq' => HB q' (or_intror Hq'))).
      apply (le_0_eq K _ _ (le_0_add K _ _ P IH')). ring. }
  apply (f_equal (fun y : A => re (f y))) in Hz. rewrite !expectation_add, !re_add, expectation_zero in Hz.
  rewrite (functional_val (common p) F HF), expectation_scalar, re_real_mul, (bound_val _ _ Hb) in Hz.
  apply le_0_sub. apply (le_0_factor K (ofZ (Zpos (common p)))); [apply lt_ofZ; lia|].
  set (g := re (f (polynomial_val theta S R (flat_map _ _)))) in *.
  apply (le_0_eq K _ _ G). set (o := re (f (observed theta S R F))) in *. set (m := mul (nval theta b) (re (f 1))) in *.
  change (re (c0 : Cx K)) with (zero : K) in Hz.
  replace (opp g) with (sub (add (mul (ofZ (Zpos (common p))) o) (opp (mul (ofZ (Zpos (common p))) m)))
    (add (mul (ofZ (Zpos (common p))) o) (add (opp (mul (ofZ (Zpos (common p))) m)) g))) by ring.
  rewrite Hz. ring.
Qed.

(** *** The value of the observed element in a realisation of sigma *)

Lemma list_eqb_sound {T} (eqb : T -> T -> bool) : (forall x y, eqb x y = true -> x = y) ->
  forall v w, list_eqb eqb v w = true -> v = w.
Proof.
  intro E. induction v as [|y v IH]; intros [|z w]; cbn [list_eqb]; try discriminate; [reflexivity|].
  rewrite andb_true_iff. intros [H1 H2]. f_equal; [apply E, H1|apply IH, H2].
Qed.
Lemma key_eqb_sound a b : key_eqb a b = true -> a = b.
Proof.
  pose proof (list_eqb_sound Nat.eqb (fun x y => proj1 (Nat.eqb_eq x y))) as L.
  unfold key_eqb. rewrite !andb_true_iff, Nat.eqb_eq. intros [[H1 H2] H3].
  apply L in H1, H2. destruct a, b; cbn [outs settings view] in *. congruence.
Qed.
Lemma find_key_in F a m : find_key F a = Some m -> In (a, m) F.
Proof.
  induction F as [|[b m'] F IH]; cbn [find_key]; [discriminate|]. destruct (key_eqb a b) eqn:Q.
  - injection 1 as ->. apply key_eqb_sound in Q. subst b. left. reflexivity.
  - intro H. right. apply IH, H.
Qed.

Lemma observed_value F sigma : reproduces theta S R f sigma ->
  (forall t, In t F -> in_scenario S (fst t) = true /\ exists m, find_key sigma (fst t) = Some m) ->
  f (observed theta S R F) = value theta S F sigma.
Proof.
  intro Rep. induction F as [|[a m] F IH]; intro H; cbn [value]; [apply expectation_zero|].
  unfold observed in *. cbn [map asum fst snd]. rewrite expectation_add, IH by (intros; apply H; right; assumption).
  f_equal. rewrite expectation_seq. apply csum_ext. intros i Hi. rewrite expectation_seq. apply csum_ext. intros j Hj.
  rewrite expectation_scalar. f_equal. destruct (H (a, m) (or_introl eq_refl)) as [Ha [s Hs]]. cbn [fst] in Ha, Hs.
  unfold element_of. rewrite Hs. apply Rep; auto.
Qed.
End InAlgebra.

(** *** Violations *)

Lemma gval_sum l : gval K theta (fold_right gadd g0 l) = fold_right cadd c0 (map (gval K theta) l).
Proof. induction l as [|y l IH]; cbn [fold_right map]; [reflexivity|]. rewrite gval_add, IH. reflexivity. Qed.

Lemma fold_app (l m : list (Cx K)) : fold_right cadd c0 (l ++ m) = cadd (fold_right cadd c0 l) (fold_right cadd c0 m).
Proof. induction l as [|z l IH]; cbn [fold_right app]; [ring|]. rewrite IH. ring. Qed.
Lemma fold_flat {T} (g : nat -> list T) (h : T -> Cx K) n :
  fold_right cadd c0 (map h (flat_map g (seq 0 n))) = csum n (fun i => fold_right cadd c0 (map h (g i))).
Proof.
  rewrite <- fold_seq. induction (seq 0 n) as [|i l IH]; [reflexivity|].
  cbn [flat_map map fold_right]. rewrite map_app, fold_app, IH. reflexivity.
Qed.

Definition found (F sigma : Family) (c : positive) : bool :=
  forallb (fun t => match find_key sigma (fst t) with Some m => divides (den (snd t) * den m) c | None => false end) F.

Lemma value_times_sound S c F sigma : found F sigma c = true ->
  gval K theta (value_times S c F sigma) = cmul (real (ofZ (Zpos c))) (value theta S F sigma).
Proof.
  unfold found. induction F as [|[a m] F IH]; cbn [forallb value_times value]; [intros _; rewrite gval_0; ring|].
  cbn [fst snd]. unfold element_of. destruct (find_key sigma a) as [s|]; [|discriminate].
  rewrite andb_true_iff. intros [D H]. rewrite gval_add, (IH H), gval_scale, gval_sum, fold_flat.
  rewrite (divides_sound _ _ D).
  assert (Q : forall z w v : Cx K, cmul (real (mul (ofZ (Zpos c)) (inv (ofZ (Zpos (den m * den s)))))) z = cmul (real
    (ofZ (Zpos c))) w ->
     cadd (cmul (real (mul (ofZ (Zpos c)) (inv (ofZ (Zpos (den m * den s)))))) z) (cmul (real (ofZ (Zpos c))) v) =
     cmul (real (ofZ (Zpos c))) (cadd w v)) by (intros z w v ->; ring).
  apply Q. clear Q. rewrite <- !csum_mul. apply csum_ext. intros i _. rewrite map_map, fold_seq, <- !csum_mul.
  apply csum_ext. intros j _. rewrite gval_mul. unfold mval. rewrite real_mul.
  change (Zpos (den m * den s)) with (Zpos (den m) * Zpos (den s))%Z. rewrite ofZ_mul.
  replace (inv (mul (ofZ (Zpos (den m))) (ofZ (Zpos (den s))))) with
    (mul (inv (ofZ (Zpos (den m)))) (inv (ofZ (Zpos (den s)))) : K); [rewrite real_mul; ring|].
  field. split; apply ofZ_neq_0; lia.
Qed.

Theorem violation_sound S F sigma b c : violation_check k e S F sigma b c = true ->
  lt (re (value theta S F sigma)) (nval theta b).
Proof.
  unfold violation_check. fold (found F sigma c). rewrite !andb_true_iff. intros [[[[He _] Hb] HF] P].
  apply (is_positive_sound K theta k root e He) in P.
  rewrite (pval_reduce K theta k root (enclosure_degree k e He)), pval_add, !pval_scale, (divides_sound _ _ Hb),
    ofZ_m1 in P.
  pose proof (value_times_sound S c F sigma HF) as V. apply (f_equal re) in V. rewrite re_real_mul in V.
  change (re (gval K theta (value_times S c F sigma))) with (pval K theta (fst (value_times S c F sigma))) in V.
  rewrite V in P. apply lt_0_sub. apply (lt_0_factor K (ofZ (Zpos c))); [apply lt_ofZ; lia|].
  replace (mul (ofZ (Zpos c)) (sub (nval theta b) (re (value theta S F sigma)))) with
    (add (mul (mul (ofZ (Zpos c)) (inv (ofZ (Zpos (over b))))) (pval K theta (numerator b)))
      (mul (opp one) (mul (ofZ (Zpos c)) (re (value theta S F sigma))))); [exact P|].
  unfold nval. field. apply ofZ_neq_0. lia.
Qed.

Theorem postquantum_sound S F sigma b p c :
  bound_check k e S F b p = true -> violation_check k e S F sigma b c = true -> ~ quantum theta S sigma.
Proof.
  intros B V (A & R & f & State & Rep).
  pose proof (bound_sound S R f F b p B) as L. pose proof (violation_sound S F sigma b c V) as G.
  rewrite (observed_value S R f F sigma Rep), State in L.
  - apply (lt_not_le K _ _ G). change (re (c1 : Cx K)) with (one : K) in L.
    replace (nval theta b) with (mul (nval theta b) one) by ring. exact L.
  - intros t Ht. unfold violation_check, family_ok in V. rewrite !andb_true_iff, !forallb_forall in V.
    destruct V as [[[[_ [[_ HF] _]] _] H] _]. specialize (H t Ht). specialize (HF t Ht).
    rewrite !andb_true_iff in HF. split; [apply HF|].
    destruct (find_key sigma (fst t)) as [m|]; [exists m; reflexivity|discriminate].
Qed.

End Soundness.
